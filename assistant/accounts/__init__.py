"""What the server remembers of people and programs: HOME/accounts.sqlite3, or PostgreSQL.

    store          the tables, in a file or on a server
    keys           API keys: their hashes, permissions, whom they stand for
    logins         people signed in to the page
    allowances, bearers, under_way  what several servers share: how often each may, frames, and
                        logins not yet ended
    vouched        assertions that were used, people who were logged out
    preferences    what each person set for themselves
    conversations  what somebody asked, and which characters answered
    outlining      an answer as it is kept, and made again; sealing: what only its readers can read
    ledger         who saw what, how much was asked, what people think
    gaps           what had no answer

It stands beside the catalog, so that an index can be made anew without losing it. No text
of a document is kept here: places only, which are read again with the rights of whoever
looks.
"""
