"""Who wrote a document is told by the line that names its authors."""

import pytest

from assistant.building import open_to_chat
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.conftest import MakeCollection

PAPER = r"""\title{Heat pumps in old houses} \author{Runa Vestby \and Kim Sollid}
\begin{document}\maketitle
\section{Method} We measured twelve houses. A report on the boiler was written by Per Moe.
\end{document}"""


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the paper on heat pumps?",
        "Who is the author of “Heat pumps in old houses”?",
        "By whom was the report on heat pumps in old houses?",
    ],
)
def test_the_line_of_authors_answers_who_wrote_a_document(
    question: str, make_collection_once: MakeCollection
) -> None:
    assistant = open_to_chat(Settings(make_collection_once({"pumps.tex": PAPER}).home))
    (citation,) = assistant.ask(question, principal=LOCAL_USER).citations
    assert citation.quote == "Runa Vestby, Kim Sollid"
    assert citation.passage.covers(citation.span)


def test_it_does_not_answer_who_wrote_something_else(make_collection: MakeCollection) -> None:
    assistant = open_to_chat(Settings(make_collection({"pumps.tex": PAPER}).home))
    answer = assistant.ask("Who wrote the report on the boiler?", principal=LOCAL_USER)
    assert any("Per Moe" in citation.quote for citation in answer.citations)
