"""A file to all that is written of it: prepared and embedded, in this process or in others."""
