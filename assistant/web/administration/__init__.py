"""What administrators see and do, by the API and in the page.

api    the routes below /api/v1/admin
view   the routes of the page, and `pages` what its sections share
*_page one section each: from the ledger or portal.toml to HTML
"""
