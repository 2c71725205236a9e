"""A question to hits, for one person.

    view: the index as one person may read it, at each moment; nothing is read past it
    dated: documents by days that the question names
    searching: words + vectors -> fused -> focused on sentences -> reranked, if set
    late_interaction: how near a sentence comes to each word of the question
    (index.models.selecting: which sentences of the best passages answer)
    demands: have they the names and numbers of the question, and its "not"
    speakers -> who_said: the statements of those who were asked about, by topic

`correcting` keeps what people put right by hand: who is whom.
"""
