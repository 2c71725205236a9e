"""What is shown, in every form: takes nouns, gives words.

answers      an answer as JSON, Markdown, HTML and plain text
statements   speakers and what they said;  rights: who may read what
templating   templates to HTML: the one place where words become markup
"""
