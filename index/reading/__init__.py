"""Files to documents: path -> Document.

    loading: the bytes, read once -> apart: a process with limits, which is worker
    files: a table {suffix: reader} -> text, markdown, records, web, mail, pdf, word,
      slides, workbook
      -> blocks: one text, stable offsets

`ooxml` is what Word, PowerPoint and Excel files have in common, `numbering` Word's lists,
`number_formats` how cells are shown. `tables` tells which rows of a grid of cells name its columns.
`drawing`, in the same process apart, makes pictures of the pages of a PDF; `locating` finds on
them where words of the document stand.
`finding` lists what is below a folder, `opening` opens just that. `archives`
opens ZIP archives so that none can flood the memory.
"""
