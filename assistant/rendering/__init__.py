"""What is shown, in every form: takes nouns, gives words.

answers      an answer as JSON, Markdown, HTML and plain text; tables: what it quotes of them
statements   speakers and what they said;  rights: who may read what
copying      what is copied of an answer or a document
exporting    questions with their answers as a file: word a Word file, typesetting a PDF
errors       what a caller is told of an error of ours, in words and as a status
telling      what is ours in an answer, in the language that is spoken
templating   templates to HTML: the one place where words become markup
addresses    where people reach what the server has
"""
