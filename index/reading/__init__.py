"""Files to documents: path -> Document.

    loading: the bytes, read once -> apart: a process with limits, which is worker
    files: a table {suffix: reader} -> text, records, xml; markup/, office/, pages/, messages/
      -> blocks: one text, stable offsets

`finding` lists what is below a folder, `opening` opens just that; `remote` makes a folder of what
is at an address elsewhere. `tables` tells which rows of a grid of cells name its columns, `plain`
the form of a text without marks, `aligned` the tables in it. `archives` opens ZIP archives so that
none can flood the memory, `converting` makes old formats new ones.
"""
