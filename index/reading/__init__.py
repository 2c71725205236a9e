"""Files to documents: path -> Document.

    loading: the bytes, read once -> apart: a process with limits, which is worker
    files: a table {suffix: reader} -> text, web, office, pdf -> blocks: one text, stable offsets

`tables` tells which rows of a grid of cells name its columns.
`finding` lists what is below a folder, `opening` opens just that.
`archives` opens ZIP archives so that none can flood the memory.
"""
