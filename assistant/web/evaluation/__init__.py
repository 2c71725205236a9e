"""Question sets and runs, by the API and in the page.

noting       one desk for both, which notes who ran and read what
api          the routes below /api/v1/evaluations
view         the routes of the page, and `pages` what its views share
review_page  a question beside its evidence; add_page an answer into a set
"""
