"""What people write at the margin of a document is theirs."""

from index.documents import Block, Document, Source, Span
from tests.conftest import ATTRIBUTOR


def test_a_comment_is_its_authors() -> None:
    """Whom they quote is found within; a note without an author is nobody's."""
    text = (
        "The mill gets a roof.\n\nMona Reid: I find this cheap. Lang said that it cost more.\n\n"
        "See page 3."
    )
    start = text.index("Mona")
    structure = (
        Block("paragraph", Span(0, 21)),
        Block("note", Span(start, text.index("\n\nSee")), 0, {"by": "Mona Reid"}),
        Block("note", Span(text.index("See"), len(text)), 0, {}),
    )
    document = Document(Source("d", "d", "D", "1"), text, structure=structure)
    found = [
        (said.found_by, said.speaker, text[said.content[0].start : said.content[0].end])
        for said in ATTRIBUTOR.attribute(document)
    ]
    assert found == [
        ("comment", "Mona Reid", "I find this cheap. Lang said that it cost more."),
        ("cue", "Lang", "that it cost more"),
    ]
