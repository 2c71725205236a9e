"""Hits to a draft.

refusing: from the signs of the hits, answer, answer in part, or not; and what is said then
quoting: exact quotations -> crediting, where somebody's words were asked for
    choosing the sentences; units: with what belongs to them; gathering: steps and lists, whole
    summarising: what a document is about;  marking: the words that answer by themselves
    in_place: what heads of mails, notes and the lines above a text say, where that is asked for
writing: a language model's words -> plain_sentences, each with what it cites
    offering: the models that there are
matching: what of a question the words have that would be quoted -> choosing, refusing
alternatives: what a document says for others, where a question names nobody
"""
