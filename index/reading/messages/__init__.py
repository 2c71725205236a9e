"""Who wrote or said what, and when, where the file itself says so.

mail        with what is attached and forwarded; outlook: the same of Outlook's files
exported    what programs for talking have exported
subtitles   what is said in a recording
"""
