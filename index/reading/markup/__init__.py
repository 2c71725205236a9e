"""Texts with marks for their form to documents. A mark is not what a person reads: it becomes
the structure of the document, and leaves the text.

web              HTML and e-books, and what other readers turn into HTML, with page_notes
markdown         with what stands before it begins (front_matter) and its boxes (directives)
restructured     reStructuredText
outlines         AsciiDoc and Org
latex, notebook  LaTeX, and Jupyter notebooks
"""
