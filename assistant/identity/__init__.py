"""Who somebody is: nothing here knows a page or a route.

portal.toml ─► configuring     who may vouch for whom, and from where
assertion ───► assertions ───► people.Person   (signed by a portal, for minutes)
               keysets         the portal's public keys
Person ──────► bearers ──────► bearer          (opaque, in memory, ten minutes)
login ───────► logging_in      a person signed in with the organisation's own login
API key ─────► accounts.keys   a program with a name of its own
any of them ─► web.entry.doorkeeper ─► Caller
"""
