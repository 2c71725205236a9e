"""What stands behind each command of `onrecord`. Thin: options in, one call, words out.

indexing    index, status, rebuild
keeping     doctor, backup, restore
watching    watch
asking      ask, chat, verify
stating     statements
serving     serve, mcp
sharing     rights, keys, portal
evaluating  eval, questions
helping     help
cli         the command itself: its options, the order, errors
shared      their help, exit codes, and what they print

What a command needs is imported when it runs: `onrecord --help` loads none of it.
"""
