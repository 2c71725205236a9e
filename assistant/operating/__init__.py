"""Keeping an index: commands that write, checks, and what a person sees meanwhile."""
