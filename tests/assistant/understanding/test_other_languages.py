"""Whose words a question in another language asks for, and about what."""

import pytest

from assistant.answers import Turn
from assistant.understanding.querying import understand


@pytest.mark.parametrize(
    ("question", "asks", "speaker", "topic"),
    [
        ("Was hat Anna Holt über die Mühle gesagt?", "said", "Anna Holt", "Mühle"),
        ("Was sagte Ursula von der Aue zur Brücke?", "said", "Ursula von der Aue", "Brücke"),
        ("Hat Holt gesagt, dass die Mühle schließt?", "whether", "Holt", "Mühle schließt"),
        ("Wer sagte, dass die Mühle schließt?", "who", None, "Mühle schließt"),
        ("Qu’a dit Holt sur le moulin ?", "said", "Holt", "moulin"),
        ("Qu'est-ce que Holt a dit à propos du moulin ?", "said", "Holt", "moulin"),
        ("Holt a-t-elle dit que le moulin ferme ?", "whether", "Holt", "moulin ferme"),
        ("Qui a dit que le moulin ferme ?", "who", None, "moulin ferme"),
        ("¿Qué ha dicho la alcaldesa Holt sobre el molino?", "said", "alcaldesa Holt", "molino"),
        ("¿Quién dijo que el molino cierra?", "who", None, "molino cierra"),
        ("Che cosa ha detto Holt sul mulino?", "said", "Holt", "mulino"),
        ("O que disse Holt sobre o moinho?", "said", "Holt", "moinho"),
        ("Wat heeft Holt over de molen gezegd?", "said", "Holt", "molen"),
        ("Что сказала Хольт о мельнице?", "said", "Хольт", "мельнице"),
        ("Что о мельнице сказала Хольт?", "said", "Хольт", "мельнице"),
        ("Говорит ли Хольт, что мельница закрыта?", "whether", "Хольт", "мельница закрыта"),
        ("Кто сказал, что мельница закрыта?", "who", None, "мельница закрыта"),
        ("Хольт дар бораи осиёб чӣ гуфт?", "said", "Хольт", "осиёб"),
        ("Co powiedziała Holt o młynie?", "said", "Holt", "młynie"),
        ("Τι είπε η Χολτ για τον μύλο;", "said", "Χολτ", "μύλο"),
        ("Что сказала Хольт?", "said", "Хольт", ""),
    ],
)
def test_a_question_for_words_is_understood(
    question: str, asks: str, speaker: str | None, topic: str
) -> None:
    query = understand(question)
    assert (query.asks, query.speaker, query.topic) == (asks, speaker, topic)
    assert query.is_foreign


@pytest.mark.parametrize(
    "question",
    [
        "Was the report so clear about the bridge?",
        "Was steht im Bericht über die Mühle?",
        "Какие отрасли названы?",
        "Quel est le prix du moulin ?",
    ],
)
def test_another_question_is_not(question: str) -> None:
    assert understand(question).asks == "anything"


def test_a_pronoun_stands_for_whoever_was_asked_about() -> None:
    before = [Turn("user", "Что сказала Хольт о мельнице?"), Turn("assistant", "“It stands.”")]
    query = understand("А что она сказала о мосте?", before)
    assert (query.speaker, query.topic) == ("Хольт", "мосте")
