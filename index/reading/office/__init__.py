"""Office files to documents: what people write with Word, PowerPoint, Excel and LibreOffice.

word (its lists: numbering), slides, workbook (how cells are shown: number_formats)
ooxml            what these three have in common
old_workbook     Excel files from before 2007
opendocument     .odt, .ods, .odp
richtext         .rtf
"""
