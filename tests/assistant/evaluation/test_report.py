"""The report in a real browser: plots drawn, questions filtered, nothing asked of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.evaluation import Run, compare, evaluate, write_report, write_run
from assistant.evaluation.reports.excerpts import Excerpts
from assistant.evaluation.reports.plots import thin
from assistant.evaluation.scoring.spans import Place
from index.documents import LOCAL_USER, Span
from tests.scripted_assistant import MAY, QUESTIONS, Script, ScriptedAssistant, write_set

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    " 𝒜da paid & left."
)
TEXTS = {"pool.txt": f"The pool opened [1] in May.\r\n“𝒜 fine day,” Ada said.\r\n{HOSTILE}"}
PAID = Span(TEXTS["pool.txt"].index("𝒜da paid"), len(TEXTS["pool.txt"]))
ROWS = [
    *QUESTIONS[:1],
    {**QUESTIONS[1], "type": "<b>said</b>"},
    QUESTIONS[2],
    {"id": "who", "question": f"Who paid? {HOSTILE}", "answerable": True, "document": "pool.txt",
     "evidence": [{"start": PAID.start, "end": PAID.end}], "tags": ["money"]},
    {"id": "lost", "question": "Who left?", "answerable": True, "document": "pool.txt",
     "evidence": [{"start": PAID.start, "end": PAID.end}], "tags": ["money"]},
]  # fmt: skip
SCRIPT: dict[str, Script] = {
    "When did it open?": [("pool.txt", MAY)],
    "What did it cost?": [("pool.txt", MAY)],
    f"Who paid? {HOSTILE}": [("pool.txt", PAID)],
    "Who left?": [("pool.txt", MAY)],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    questions = write_set(tmp_path_factory.mktemp("hostile"), ROWS)
    return evaluate(ScriptedAssistant(SCRIPT, TEXTS), questions, principal=LOCAL_USER)


@pytest.fixture(scope="module")
def report(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a comparison, of questions and documents that mean no good."""
    folder = tmp_path_factory.mktemp("report")
    earlier = evaluate(ScriptedAssistant({}, TEXTS), Path(run.name), principal=LOCAL_USER)
    write_run(run, folder)
    write_report(run, folder, compare(run, earlier))
    return folder / "report.html"


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The report, opened as a file. It may ask nobody anything, nor complain."""
    opened = browser.new_page()
    asked, said = list[str](), list[str]()
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(report.as_uri())
    yield opened
    assert asked == [report.as_uri()]
    assert said == []
    assert opened.title().endswith("On Record evaluation")
    opened.close()


def test_plots_are_drawn_and_figures_stand_beside_their_intervals(page: Page, run: Run) -> None:
    """Each of the four plots has shapes of some size."""
    plots = page.locator("figure svg")
    assert plots.count() == 4
    for number in range(4):
        shapes = plots.nth(number).locator("rect, circle, polyline")
        assert shapes.count() > 0
        assert any(
            box["width"] > 2 and box["height"] > 2
            for box in (shapes.nth(i).bounding_box() for i in range(shapes.count()))
            if box
        )
    text = page.locator(".figures").inner_text()
    assert f"{run.figure('sentence_f1'):.4f}" in text
    low, high = run.intervals["sentence_f1"]
    assert f"{low:.3f}–{high:.3f}" in text


def test_questions_are_filtered_by_words_outcome_and_kind(page: Page) -> None:
    """And all shown again."""
    rows = page.locator("#rows details")
    assert rows.count() == len(ROWS)
    page.fill("#words", "WHO paid")
    assert rows.count() == 1
    page.fill("#words", "")
    page.select_option("#group", label="tag: money (2)")
    assert rows.count() == 2
    page.select_option("#outcome", label="wrong (1)")
    assert rows.locator(".asked").all_text_contents() == ["Who left?"]
    assert page.locator("#count").inner_text() == "1 of 5 questions"
    page.click("#clear")
    assert rows.count() == len(ROWS)
    page.click(".part.false-answer")
    assert rows.locator(".asked").all_text_contents() == ["What did it cost?"]
    assert page.locator(".part.false-answer").get_attribute("aria-pressed") == "true"


def test_a_question_opens_with_what_was_expected_and_cited_side_by_side(page: Page) -> None:
    """By keyboard; marked in the document's words, and with why it counted as wrong."""
    page.fill("#words", "who left?")
    page.locator("#rows summary").focus()
    page.keyboard.press("Enter")
    whole = page.locator(".whole")
    assert whole.locator("mark.expected").text_content() == "𝒜da paid & left."
    assert whole.locator("mark.wrong").text_content() == "The pool opened [1] in May."
    assert "No citation is on the expected evidence." in whole.locator(".why").inner_text()
    columns = "[...document.querySelectorAll('.beside > div')]"
    tops = page.evaluate(f"{columns}.map(column => column.getBoundingClientRect().top)")
    assert len(tops) == 2
    assert tops[0] == tops[1]


def test_hostile_text_stays_text(page: Page) -> None:
    """In questions, documents, answers and the names of kinds."""
    page.fill("#words", "who paid")
    page.locator("#rows summary").click()
    page.locator("#rows").scroll_into_view_if_needed()
    assert HOSTILE in page.locator("#rows .asked").inner_text()
    assert "</script>" in page.locator(".whole .excerpt").first.inner_text()
    assert page.locator("main img, #rows b, svg b").count() == 0
    assert "<b>said</b>" in page.locator("#group").inner_text()
    assert page.evaluate("document.scripts.length") == 2


def test_what_changed_can_be_seen_and_filtered(page: Page) -> None:
    """The comparison's table, and a filter of what went which way."""
    assert "false refusals" in page.locator(".changes").inner_text()
    page.select_option("#moved", "0")
    assert page.locator("#rows details").count() > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_window(browser: Browser, report: Path, scheme: str) -> None:
    """Without scrolling sideways, in both schemes."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(report.as_uri())
    page.locator("#rows summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_thousands_of_questions_come_a_hundred_at_a_time(
    browser: Browser, run: Run, tmp_path: Path
) -> None:
    """The filter looks at all of them."""
    times = 700
    many = replace(run, gold=run.gold * times, records=run.records * times,
                   scores=run.scores * times)  # fmt: skip
    write_report(many, tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    rows = page.locator("#rows details")
    expect(rows).to_have_count(100)
    page.click("#more")
    expect(rows).to_have_count(200)
    page.fill("#words", "who left?")
    assert page.locator("#count").inner_text() == "700 of 3,500 questions"
    page.close()


def test_the_data_holds_no_way_out_of_its_element(report: Path) -> None:
    """Whatever the texts hold, the JSON in the page has no angle bracket."""
    page = report.read_text("utf-8")
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert "<" not in data
    assert HOSTILE in json.loads(data)["questions"][3]["question"]


def test_of_a_long_paragraph_the_sentences_around_are_shown() -> None:
    """Marks count as browsers do: a character beyond the basic plane is two."""
    text = "Zoe 𝒜 was. " * 300 + "Bo swam. " + "Cy sat. " * 300
    start = text.index("Bo swam.")
    excerpts = Excerpts({"a.txt": text})
    ((number, marks),) = excerpts.showing([(Place("a.txt", Span(start, start + 8)), "right")])
    _, _, shown = excerpts.rows[number]
    assert shown == "Zoe 𝒜 was. Bo swam. Cy sat."
    assert marks == [(12, 20, "right")]


def test_a_curve_keeps_its_ends_when_it_is_thinned() -> None:
    """And no more points than asked for."""
    points = [(i / 999, 0.5) for i in range(1000)]
    thinned = thin(points, 50)
    assert (thinned[0], thinned[-1], len(thinned)) == (points[0], points[-1], 50)
