"""What is shown, in every form: takes nouns, gives words.

answers      an answer as JSON, Markdown, HTML and plain text
statements   speakers and what they said;  rights: who may read what
errors       what a caller is told of an error of ours, in words and as a status
templating   templates to HTML: the one place where words become markup
"""
