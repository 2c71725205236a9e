"""Only who can speak is credited: persons, bodies and texts that assert something."""

import pytest

from index.english.somebody import SubjectSense, are_several, meaning
from tests.index.attribution.test_attributing import said

HANDBOOK = """\
# Hiring a bicycle

The map shows every dock. If you see a green pin, at least three bikes are free. Forty docks charge
bikes while you ride. You can ask for help in the app. The lock tells you that it is closed. If the
lock asks for a code, you should type the digits. Riders report broken bikes. You may ask a clerk.

When a bar says "No connection", you must wait. You agree to pay when the form asks for a card. We
write it as follows:

    pay --card NUMBER

"""


@pytest.mark.parametrize(
    ("noun", "means"),
    [
        ("farmer", SubjectSense.SOMEBODY),
        ("councillors", SubjectSense.SOMEBODY),
        ("headteacher", SubjectSense.SOMEBODY),
        ("union", SubjectSense.SOMEBODY),
        ("leaflet", SubjectSense.TEXT),
        ("surveys", SubjectSense.TEXT),
        ("server", SubjectSense.PERHAPS),
        ("dock", SubjectSense.THING),
        ("form", SubjectSense.THING),
    ],
)
def test_a_noun_means_somebody_a_text_or_a_thing(noun: str, means: SubjectSense) -> None:
    assert meaning(noun) is means


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("Analysts", True),
        ("Council members", True),
        ("Residents of Lund", True),
        ("Both sides", True),
        ("Police", True),
        ("Sources at the port", True),
        ("Kate Masters", False),
        ("Human Rights Watch", False),
        ("Reuters", False),
        ("The harbour board", False),
        ("Boss", False),
        ("", False),
    ],
)
def test_a_name_tells_whether_it_is_of_several(name: str, several: bool) -> None:
    assert are_several(name) is several


def test_things_and_rules_of_a_handbook_say_nothing() -> None:
    """Nor does what it tells "you", or a block of code."""
    assert said(HANDBOOK) == []


@pytest.mark.parametrize(
    ("told", "speaker", "content"),
    [
        ("The audit found that one claim in nine was false.", "audit", "that one claim in nine"),
        ("The regulator says that silence is not consent.", "regulator", "that silence is not"),
        ("Last year our vet told owners that ticks come early.", "vet", "that ticks come early"),
        ("The leaflet states that fees are due in May.", "leaflet", "that fees are due in May"),
        ("Vera Toth demands longer hours.", "Vera Toth", "longer hours"),
    ],
)
def test_what_somebody_said_is_found_in_a_handbook(told: str, speaker: str, content: str) -> None:
    ((who, words),) = said(HANDBOOK + told + "\n")
    assert who is not None
    assert who.endswith(speaker)
    assert words.startswith(content)


def test_in_a_tale_a_voice_speaks() -> None:
    """And whoever could be a thing elsewhere."""
    text = "“Go home,” said a voice from the loft. He looked up. The server said that it was late."
    assert [who for who, _ in said(text)] == ["a voice", "The server"]
