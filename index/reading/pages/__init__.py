"""Printed pages to documents: PDF files, and pictures of pages.

    pdf, pictures (by ocr): letters and rules at places (printed)
    -> layout: regions in reading order, with their tables (ruled: grids; by columns: tables;
       over two pages: borders)
    -> paragraphs: what lines are together -> blocks

`drawing` shows a page as it looks, `locating` finds on it where words of the document stand.
"""
