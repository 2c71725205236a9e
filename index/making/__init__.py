"""A file to all that is written of it.

    preparing: its document, the passages, who says what -> embedded: their vectors

`workers` do it side by side, or this process by itself: `processes` of this machine, or a
`cluster` by Ray.
"""
