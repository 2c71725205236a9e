"""The view "Library": which documents there are, how each was understood, and adding more.

view -> list_page, document_page, watched_page (folders); what it adds and removes goes by the API
leading: to it, as long as there is nothing to ask about
"""
