"""Who wrote or said what, and when, where the file itself says so.

Mail with what is attached and forwarded, Outlook's files, what programs for talking have
exported, subtitles of recordings.
"""
