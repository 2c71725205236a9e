"""The view "Library": which documents there are, how each was understood, and adding more.

view -> list_page, document_page; what it adds and removes goes by the API
"""
