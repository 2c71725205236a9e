"""Office files to documents: what people write with Word, PowerPoint, Excel and LibreOffice.

`ooxml` is what Word, PowerPoint and Excel files have in common, `numbering` Word's lists,
`number_formats` how cells are shown.
"""
