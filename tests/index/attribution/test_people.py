"""Who is meant by a name, a pronoun or "the mayor" in one document."""

import pytest

from index.attribution.people import People
from index.documents import Span


def people(text: str) -> People:
    """With one sentence a line."""
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        spans.append(Span(start, start + len(line)))
        start += len(line)
    return People(text, spans, ())


def called(text: str, words: str) -> str | None:
    """Who is meant by these words behind the text."""
    return people(text).described(words.split(), len(text))


def named(text: str, name: str) -> str:
    """Who is meant by the last of these names in the text."""
    found, end = people(text), text.rindex(name) + len(name)
    run = found.run_at(end)
    assert run is not None
    return found.named(run)


@pytest.mark.parametrize(
    "text",
    [
        "Theo Marsden left.\nThe secretary said Marsden was a crank.",
        "Theo Marsden left.\nThe secretary told Theo Marsden to go.",
        "Theo Marsden left.\nThe secretary said that Marsden was dreaming.",
        "Theo Marsden left.\nThe secretary fired Marsden.",
        "Theo Marsden left.\nThe secretary met German adviser Theo Marsden.",
        "Theo Marsden left.\nHe had met Marsden, the secretary said in May.",
        "Theo Marsden left.\nAfter he met the secretary, Marsden said no.",
    ],
)
def test_whom_a_sentence_is_about_is_not_who_says_it(text: str) -> None:
    """The words in front of a name that do not belong to it describe nobody."""
    assert called(text, "the secretary") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Foreign secretary Theo Marsden left.", "the secretary"),
        ("Former foreign secretary Theo Marsden left.", "the former secretary"),
        ("Theo Marsden, the secretary of state, left.", "the secretary"),
        ("Theo Marsden, the secretary, left.", "the secretary"),
        ("The secretary, Theo Marsden, left.", "the secretary"),
        ("The secretary of Freedonia, Theo Marsden, left.", "the secretary"),
        ("Tajik president Theo Marsden left.", "the Tajik leader"),
        ("Sen. Theo Marsden left.", "the senator"),
        ("Ex-president Theo Marsden left.", "the former president"),
        ("Theo Marsden, the mayor's spokesman, left.", "the spokesman"),
    ],
)
def test_a_title_beside_the_name_says_who_is_meant(text: str, words: str) -> None:
    """In front of it, behind it, or set off by commas."""
    assert called(text, words) == "Theo Marsden"


@pytest.mark.parametrize(
    "text",
    [
        "Deputy mayor Tomas Okafor left.",
        "Former mayor Tomas Okafor left.",
        "Tomas Okafor, an aide to the mayor, left.",
        "Tomas Okafor, the husband of the mayor, left.",
        "Tomas Okafor, the mayor's spokesman, left.",
        "Tomas Okafor, a critic who met the mayor, left.",
    ],
)
def test_an_office_is_not_given_to_who_stands_near_it(text: str) -> None:
    """A deputy, a predecessor, an aide or a husband is not the mayor."""
    assert called(text, "the mayor") is None
    both = f"Mayor Ingrid Halvorsen came.\n{text}"
    assert called(both, "the mayor") == "Ingrid Halvorsen"


def test_the_best_description_counts_before_the_last_mention() -> None:
    """ "The minister" is the minister, not the finance minister who was named later."""
    text = "Minister Ada Holm came.\nThe finance minister, Bo Lund, left."
    assert called(text, "the minister") == "Ada Holm"
    assert called(text, "the finance minister") == "Bo Lund"


@pytest.mark.parametrize("words", ["a mayor", "the mayor s office", "mayors", "the mayor s dog"])
def test_other_words_with_a_title_in_them_name_nobody(words: str) -> None:
    """Somebody new, an organization, several people, or something that is the mayor's."""
    assert called("Mayor Ingrid Halvorsen came.", words) is None


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Maroš Šefčovič", "Šefčovič"),
        ("Tayyip Şimşek", "Şimşek"),
        ("Željko Žarić", "Žarić"),
        ("Ursula von der Leyen", "von der Leyen"),
        ("Ursula von der Leyen", "Von der Leyen"),
        ("Ursula von der Leyen", "Leyen"),
        ("Pieter van den Berg", "Van den Berg"),
        ("Pieter van den Berg", "van den Berg"),
        ("Lula da Silva", "da Silva"),
        ("Jair do Carmo", "Carmo"),
        ("Saad al-Kaabi", "al-Kaabi"),
        ("Saad al-Kaabi", "Al-Kaabi"),
        ("Saad al-Kaabi", "Kaabi"),
        ("Ngozi d’Almeida", "d’Almeida"),
        ("Ngozi d'Almeida", "Almeida"),
    ],
)
def test_a_surname_stands_for_the_whole_name(name: str, surname: str) -> None:
    """In any alphabet's capitals, and with its particles in front of it."""
    assert named(f"They saw {name} there.\nThen {surname}", surname) == name
    assert named(f"They saw {name}", name) == name


def test_a_particle_belongs_to_a_surname_that_stands_alone() -> None:
    """Also where the document has no first name for it."""
    assert named("They saw van den Berg", "van den Berg") == "van den Berg"
    assert named("They saw al-Kaabi", "al-Kaabi") == "al-Kaabi"


@pytest.mark.parametrize(
    "text",
    [
        "She said Dafydd Elis had told her.",
        "Dafydd Elis told her that it was late.",
        "Dafydd Elis told her.",
        "In her words Dafydd Elis lost what she had.",
    ],
)
def test_a_pronoun_for_somebody_else_gives_no_gender(text: str) -> None:
    """Before the name it means another, and so does an object behind it."""
    found = people(f"{text}\n")
    found.spoke("Dafydd Elis")
    assert found.pronoun("he", len(text) + 1, {}) == "Dafydd Elis"


def test_a_pronoun_behind_the_name_gives_its_gender() -> None:
    """A subject, or what belongs to one."""
    for text in ("Robin Elis said she was late.", "Robin Elis sold her old house."):
        found = people(f"{text}\n")
        assert found.pronoun("she", len(text) + 1, {}) == "Robin Elis"
        assert found.pronoun("he", len(text) + 1, {}) is None


def test_other_words_that_are_shared_do_not_make_up_for_the_title() -> None:
    """Nor does a word in front of a verb belong to the name behind it."""
    assert called("Foreign adviser Theo Marsden left.", "the foreign secretary") is None
    assert called("German friends met Theo Marsden.", "the German leader") is None
