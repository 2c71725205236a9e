"""Who may come in, through which door.

    observing: counted -> guard: host, origin, door, caller, size
    doors        what each route says of itself; policies: what its page may load
    callers      who it is and what they may do, found by the doorkeeper: bearers, keys, logins
    gate         how much: allowances (how often), capacity (how many at once), bodies (how large)
    refusals     a request that may not pass

`proxying` is a proxy that shows the server below a path, `gradio_sessions` whose a session is.
"""
