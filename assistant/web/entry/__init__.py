"""Who may come in, through which door.

guard -> doors, gate, doorkeeper -> callers: who it is and what they may do
"""
