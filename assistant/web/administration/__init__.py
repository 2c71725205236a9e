"""What administrators see and do, by the API and in the page.

api    the routes below /api/v1/admin
view   the routes of the page, and `pages` what its sections share

One section each, from the ledger or portal.toml to HTML: gaps_page, feedback_page, usage_page,
people_page, keys_page, embeds_page, audit_page.
"""
