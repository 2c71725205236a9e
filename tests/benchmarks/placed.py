"""Questions whose answer stands in a cell, a note, a second column, a mail's head or a field.

    python -m tests.benchmarks.placed

The documents are written by the libraries of their formats, PDF by Chromium. Each question is
asked of an index of all of them. Right is an answer that cites the fact in the right document, at
the right page or below the right sheet, part or heading.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from openpyxl.comments import Comment
from openpyxl.styles import Font
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from assistant.answers import Answer, Citation
from assistant.building import open_to_ask, open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.ingesting import sync
from tests.browser import open_browser
from tests.index.reading.pages.test_pdf import pdf


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the words that answer it, and where: a document, and its page or the name of
    its sheet or part, or a heading."""

    question: str
    fact: str
    document: str
    where: int | str | None = None


QUESTIONS = """
How many visitors did the museum in Tromsdal have in 2022?
  18,240 | museums.xlsx | Visitors
What does an annual pass of the Vardal museum cost?
  410 | museums.xlsx | Prices
Which share of its income does the Hornvik museum get from the county?
  37.5% | museums.xlsx | Income
When was the roof of the Vardal museum last inspected?
  14 Mar 2023 | museums.xlsx | Inspections
Who is the curator of the Hornvik museum?
  Ingunn Solheim | museums.xlsx | Staff
What did the auditor note on the deposits?
  counted twice | museums.xlsx | Income
What was the depreciation of the Northern region in 2021?
  -48 | regions.xlsx | Accounts
How many buses does the depot at Kvam have?
  26 | depots.csv
Which router is in the server room?
  RX-410 | inventory.docx | Network
How long is the warranty of the label printer?
  30 months | inventory.docx | Office
What is the melting point of gallium?
  29.8 | metals.html | Melting points
What do children pay on the night ferry?
  6.50 | fares.pdf | 2
Which berth does the Solvang use on Saturdays?
  Berth 9 | fares.pdf | 2
What is the limit of nitrate in drinking water?
  50 mg/l | water.md | Limits
Why were the figures of the spring harvest corrected?
  the scales were not calibrated | harvest.docx
What did the archive say about the missing map?
  lent to a school | harvest.docx
What did Berit Aune comment on the delivery date?
  too early for the joiner | harvest.docx
From whom was the old mill bought?
  Jonas Fiskum | mill.pdf | 1
What did the reviewer remark on the survey?
  sample is too small | survey.pdf | 1
What should the speaker say about the sponsor?
  thank the brewery | talk.pptx | 2
How much of the budget goes to insurance?
  14 percent | talk.pptx | 4
Who repaired the organ?
  Kjell Brattli | bulletin.pdf | 1
When is the choir practice?
  Thursdays at seven | bulletin.pdf | 1
Where do hikers leave the car?
  old sawmill | bulletin.pdf | 2
What must be done before a boat is lifted out of the water?
  the mast has to be taken down | rules.pdf | 2
How long may a visitor stay at the guest pier?
  three nights | rules.pdf | 3
Who wrote the mail about the fire drill?
  Tone Vik | drill.eml
When was the mail about the fire drill sent?
  12 Nov 2029 | drill.eml
Who got a copy of the mail about the fire drill?
  Arne Moen | drill.eml
How many fire extinguishers are on the second floor?
  7 | drill.eml | extinguishers.csv
What did the alarm company promise?
  a technician on Monday | drill.eml
What is the name of the boat in the application?
  Terna | application.pdf | 1
How long is the boat of the application in metres?
  9.4 | application.pdf | 1
How many e-books were lent in 2030?
  2,210 | talk.pptx | 3
Which branch is open on Sundays?
  South | talk.pptx | 2
Who is the contact of order K-17?
  Maren Lund | orders.json
In which city does the customer of order K-23 live?
  Skarnes | orders.json
What is the contract number of the cleaning contract?
  HK-7719 | contract.docx
When does the cleaning contract end?
  31 May 2032 | contract.docx
Which clause says how the contract may be ended?
  4.2 | contract.docx
"""
"""Each with the words that answer it, the document, and its page or what stands above them."""


def questions() -> list[Asked]:
    """What is asked."""
    lines = QUESTIONS.strip().splitlines()
    pairs = zip(lines[::2], (line.strip().split(" | ") for line in lines[1::2]), strict=True)
    return [
        Asked(question, fact, document, *(int(w) if w.isdecimal() else w for w in where))
        for question, (fact, document, *where) in pairs
    ]


def main() -> None:
    """Print what was not answered rightly, and how many were."""
    parser = argparse.ArgumentParser(description="Ask for what stands in places of documents.")
    parser.add_argument("--folder", type=Path, help="keep the documents there")
    parser.add_argument("--home", type=Path, help="keep the index there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as kept:
        folder = options.folder or Path(kept) / "documents"
        folder.mkdir(exist_ok=True)
        write_documents(folder)
        settings = Settings(options.home or Path(kept) / "home")
        with open_to_write(settings, "placed") as opened:
            for _ in sync(opened.stores, [folder]):
                pass
        with open_to_ask(settings, "placed") as assistant:
            right = [
                _is_right(asked, assistant.ask(asked.question, principal=LOCAL_USER))
                for asked in questions()
            ]
    print(f"{sum(right)} of {len(right)} right")


def _is_right(asked: Asked, answer: Answer) -> bool:
    found = [each for each in answer.citations if asked.fact in each.quote]
    placed = [each for each in found if _stands_there(asked, each)]
    if answer.answered and placed:
        return True
    print(f"{asked.question}\n  wanted {asked.fact!r} in {asked.document} {asked.where or ''}")
    for each in answer.citations or (answer.refusal.considered[:2] if answer.refusal else ()):
        place = (each.source.name, each.page, *each.place)
        print(f"  {'' if answer.answered else 'refused, nearest '}{place} {each.quote!r}")
    return False


def _stands_there(asked: Asked, citation: Citation) -> bool:
    if citation.source.name != asked.document:
        return False
    if isinstance(asked.where, int):
        return citation.page == asked.where
    return asked.where is None or asked.where in citation.place


# -- the documents


def write_documents(folder: Path) -> None:
    """All of them, and texts about something else."""
    for name, content in {**_written(), **_printed()}.items():
        (folder / name).write_bytes(content)


def _written() -> dict[str, bytes]:
    return {
        "museums.xlsx": _museums(),
        "regions.xlsx": _regions(),
        "depots.csv": b"Depots of the county;;;\n\nDepot;Buses;Trams;Head\nBryn;41;12;Olav Haug\n"
        b"Kvam;26;;Siri Nes\nLia;;18;Per Dale\n",
        "inventory.docx": _inventory(),
        "harvest.docx": _harvest(),
        "contract.docx": _contract(),
        "metals.html": METALS.encode(),
        "water.md": WATER.encode(),
        "orders.json": json.dumps(ORDERS).encode(),
        "talk.pptx": _talk(),
        "drill.eml": _drill(),
        "application.pdf": _application(),
        "survey.pdf": _survey(),
        "garden.txt": GARDEN.encode(),
    }


def _museums() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Visitors"
    _fill(sheet, ["Museums of the coast"], [], ["Museum", 2021, 2022, 2023],
          ["Tromsdal", 15110, 18240, 17003], ["Vardal", 9020, None, 11870],
          ["Hornvik", 4410, 5120, 6008])  # fmt: skip
    for row in sheet.iter_rows(min_row=4, min_col=2):
        for cell in row:
            cell.number_format = "#,##0"
    sheet = book.create_sheet("Prices")
    _fill(sheet, ["Museum", "Single ticket", "Annual pass"], ["Tromsdal", 95, 380],
          ["Vardal", 110, 410], ["Hornvik", 60, 220])  # fmt: skip
    sheet = book.create_sheet("Income")
    _fill(sheet, ["Prepared by", "Liv Strand"], ["Museum", "Tickets", "County", "Deposits"],
          ["Tromsdal", 0.55, 0.3, 12], ["Vardal", 0.6, 0.2, 9],
          ["Hornvik", 0.4, 0.375, 4])  # fmt: skip
    for row in sheet.iter_rows(min_row=3, min_col=2, max_col=3):
        for cell in row:
            cell.number_format = "0.0%"
    sheet["D2"].comment = Comment("The deposits of May were counted twice.", "the auditor")
    sheet = book.create_sheet("Inspections")
    sheet["A1"], sheet["B1"], sheet["C1"] = "Museum", "Part", "Last inspected"
    for row, (part, when) in enumerate([("Roof", "2023-03-14"), ("Lift", "2022-11-02")], 2):
        sheet.cell(row, 2, part)
        sheet.cell(row, 3, _date(when)).number_format = "d mmm yyyy"
    sheet["A2"] = "Vardal"
    sheet.merge_cells("A2:A3")
    sheet = book.create_sheet("Staff")
    _fill(sheet, [None, "Director", "Curator"], ["Tromsdal", "Odd Rein", "Eva Lien"],
          ["Hornvik", "Nils Dahl", "Ingunn Solheim"])  # fmt: skip
    return _saved(book.save)


def _regions() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Accounts"
    _fill(sheet, [None, "Northern", None, "Southern", None],
          ["In million", "Sales", "Depreciation", "Sales", "Depreciation"],
          ["January–December 2022", 210, -51, 340, -77],
          ["January–December 2021", 198, -48, 322, -71])  # fmt: skip
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    return _saved(book.save)


def _inventory() -> bytes:
    document = docx.Document()
    document.add_heading("Inventory of the office", 1)
    document.add_heading("Network", 2)
    _table(document, ("Device", "Room", "Bought"), ("Router RX-410", "Server room", "2027"),
           ("Switch SW-8", "Cellar", ""), ("Access point AP-3", "Attic", "2029"))  # fmt: skip
    document.add_heading("Office", 2)
    _table(document, ("Item", "Number", "Warranty"), ("Label printer", "2", "30 months"),
           ("Desk lamp", "14", ""), ("Shredder", "1", "12 months"))  # fmt: skip
    return _saved(document.save)


def _harvest() -> bytes:
    document = docx.Document()
    document.add_paragraph(
        "The spring harvest came to 41 tonnes of barley, and the autumn harvest to 63 tonnes."
    )
    document.add_paragraph("The old map of the fields is missing from the archive since 1998.")
    delivery = document.add_paragraph("The new shelves will be delivered on 3 February.")
    document.add_comment(
        delivery.runs, text="That is too early for the joiner.", author="Berit Aune", initials="BA"
    )
    _footnotes(
        document,
        "The figures of the spring harvest were corrected because the scales were not calibrated.",
        "The archive says that the map was lent to a school.",
    )
    return _saved(document.save)


def _footnotes(document: Any, *notes: str) -> None:
    """One for each of the first paragraphs."""
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    written = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(notes, 2)
    )
    content = f"<w:footnotes {word}>{written}</w:footnotes>".encode()
    name = PackURI("/word/footnotes.xml")
    part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    for number, paragraph in enumerate(document.paragraphs[: len(notes)], 2):
        mark = f'<w:r {word}><w:footnoteReference w:id="{number}"/></w:r>'
        paragraph._p.append(parse_xml(mark))


def _contract() -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Cleaning contract, contract number HK-7719"
    document.add_heading("Cleaning contract", 1)
    for words in (
        "1. Subject", "1.1 The contractor cleans the offices on weekdays.",
        "2. Price", "2.1 The price is 4,300 euros a month.",
        "3. Duration", "3.1 The cleaning contract begins on 1 June 2029 and ends on 31 May 2032.",
        "4. Ending", "4.1 Faults are reported in writing.",
        "4.2 The contract may be ended by either side with three months of notice.",
    ):  # fmt: skip
        document.add_paragraph(words)
    return _saved(document.save)


def _talk() -> bytes:
    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = "Libraries of the valley"
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Branches"
    rows = (("Branch", "Loans", "Open on"), ("North", "5,120", "Saturdays"),
            ("South", "7,430", "Saturdays and Sundays"))  # fmt: skip
    table = slide.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for place, row in enumerate(rows):
        for column, words in enumerate(row):
            table.cell(place, column).text = words
    slide.notes_slide.notes_text_frame.text = (
        "Here the speaker should thank the brewery, which is our sponsor."
    )
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Loans of e-books"
    data: Any = CategoryChartData(number_format="#,##0")  # type: ignore[no-untyped-call]
    data.categories = ["2029", "2030"]
    data.add_series("E-books lent", (1450, 2210))
    slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(6), Inches(4), data
    )
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Budget"
    slide.placeholders[1].text_frame.text = "61 percent is for books\n25 percent is for rent"
    slide.notes_slide.notes_text_frame.text = "The remaining 14 percent of the budget is insurance."
    return _saved(show.save)


def _drill() -> bytes:
    inner = EmailMessage()
    inner["From"], inner["To"] = "service@alarm.example", "tone.vik@office.example"
    inner["Subject"], inner["Date"] = "Your alarm", "Fri, 09 Nov 2029 08:00:00 +0100"
    inner.set_content("The alarm company promises to send a technician on Monday.")
    mail = EmailMessage()
    mail["From"], mail["To"] = "Tone Vik <tone.vik@office.example>", "all@office.example"
    mail["Cc"], mail["Subject"] = "Arne Moen <arne.moen@office.example>", "Fire drill"
    mail["Date"] = "Mon, 12 Nov 2029 10:30:00 +0100"
    mail.set_content("The fire drill is on 20 November. Leave by the stairs, not by the lift.")
    mail.add_attachment(
        b"Floor,Fire extinguishers\nFirst floor,4\nSecond floor,7\n",
        maintype="text", subtype="csv", filename="extinguishers.csv",
    )  # fmt: skip
    mail.add_attachment(inner)
    return bytes(mail)


def _application() -> bytes:
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T ({}) /V ({}) /Rect [{} {} {} {}] >>"
    notes = field.format("a", "Terna", 200, 696, 380, 710)
    notes += field.format("b", "9.4", 200, 666, 380, 680)
    printed = [(60, 740, "Application for a winter berth"), (60, 700, "Name of the boat:"),
               (60, 670, "Length of the boat in metres:")]  # fmt: skip
    return pdf(printed, notes=notes)


def _survey() -> bytes:
    note = (
        "<< /Type /Annot /Subtype /Text /Rect [400 700 420 720] /T (Reviewer) "
        "/Contents (Remark on the survey: the sample is too small for the islands.) >>"
    )
    words = "Of the people who were asked in the survey, 61 percent want a bridge."
    return pdf([(60, 700, words)], notes=note)


METALS = """<html><head><title>Metals</title></head><body><h1>Metals</h1>
<table><caption>Densities</caption><tr><th>Metal<th>g/cm3</tr><tr><td>Gallium<td>5.9</tr>
<tr><td>Indium<td>7.3</tr></table>
<h2>Melting points</h2><table><tr><th rowspan=2>Metal<th colspan=2>Melting point</tr>
<tr><th>Celsius<th>Kelvin</tr><tr><td>Gallium<td>29.8<td>302.9</tr>
<tr><td>Indium<td>156.6<td>429.7</tr></table></body></html>"""

WATER = """# Drinking water

## Limits

| Substance | Limit | Measured |
|---|---|---|
| Nitrate | 50 mg/l | 12 mg/l |
| Lead | 0.01 mg/l | |
"""

ORDERS = [
    {"order": "K-17", "customer": {"name": "Elvebakk School", "city": "Rena"},
     "contact": "Maren Lund", "items": [{"thing": "chairs", "number": 40}]},
    {"order": "K-23", "customer": {"name": "Bjørkli Farm", "city": "Skarnes"},
     "contact": "Tor Hagen", "items": [{"thing": "fence", "number": 3}]},
]  # fmt: skip

GARDEN = """The garden club meets on the first Tuesday of each month.

Roses are cut in March, and apples are picked in October.

The greenhouse was paid for by the members and opened in 2019.
"""


def _printed() -> dict[str, bytes]:
    """As PDF, by Chromium."""
    made = {}
    with open_browser() as browser:
        page = browser.new_page()
        for name, body in PRINTED.items():
            page.set_content(f"<style>body{{font:11pt serif}}{STYLE}</style>{body}")
            made[name] = page.pdf(
                display_header_footer=True,
                header_template=f"<div style='font-size:8px;margin:auto'>{name[:-4]}</div>",
                footer_template="<div style='font-size:8px;margin:auto'>"
                "<span class=pageNumber></span></div>",
                margin={"top": "60px", "bottom": "60px", "left": "60px", "right": "60px"},
            )
    return made


STYLE = (
    ".columns{column-count:2;column-gap:30px;text-align:justify} .next{break-before:page} "
    "table{border-collapse:collapse} td,th{padding:3px 12px;text-align:left} "
    ".ruled td,.ruled th{border:1px solid} .foot{font-size:8pt;margin-top:300px}"
)

PRINTED = {
    "fares.pdf": """<h1>Ferries</h1><p>The ferries of the fjord run all the year. Dogs go free on
all of them, and a bicycle is two euros.</p><h2>Day ferry</h2><table class=ruled><tr><th>Passenger
<th>Single<th>Return</tr><tr><td>Adult<td>8.00<td>14.00</tr><tr><td>Child<td>4.00<td>7.00</tr>
</table><h2 class=next>Night ferry</h2><table><tr><th>Passenger<th>Single<th>Return</tr><tr>
<td>Adults on the night ferry<td>13.00<td>24.00</tr><tr>
<td>Children on the night ferry<td>6.50<td>11.00</tr><tr><td>Lorries on the night ferry
<td>88.00<td>150.00</tr></table><h2>Berths</h2><table class=ruled><tr><th>Ship<th>Weekdays<th>
Saturdays</tr><tr><td>Solvang<td>Berth 4<td>Berth 9</tr><tr><td>Havfrua<td>Berth 2<td></tr>
</table>""",
    "mill.pdf": """<h1>The mill</h1><p>The old mill<sup>1</sup> was rebuilt in 1921 and grinds rye
for the bakers of three parishes.</p><p>It stands still in the summer, when there is little
water in the river.</p><p class=foot>1 The old mill was bought from Jonas Fiskum in 1919.</p>""",
    "bulletin.pdf": """<h1>Bulletin of the parish</h1><div class=columns style='height:260px'><p>
The parish hall has been painted, and the chairs have been mended by the young people. The council
thanks all who came and who brought food, tools and good humour in a week of rain and wind that
nobody will soon forget.</p><p>The well is open again.</p><p>The organ was repaired by
Kjell Brattli, who came from the town and worked for nine days. The bellows were torn, and two pipes
had to be cast anew. He was paid from the gifts of the spring.</p><p>The choir practice is on
Thursdays at seven in the parish hall; everybody who likes to sing may come.</p></div>
<div class='next columns' style='height:160px'><p>The walk to the lake begins at the church and
takes three hours. It is steep in places, and wet after rain, when the stones of the old road are
as smooth as glass and nobody should go alone.</p><p>The bridge is new.</p><p>Hikers leave the
car at the old
sawmill, for there is no room at the church on Sundays, and the
farmers need the lane for their carts. Dogs are kept on a lead until the upper gate.</p></div>""",
    "rules.pdf": """<h1>Rules of the marina</h1><p>Everybody keeps the piers free of ropes and
boxes. Engines are not run at night.</p><h2 class=next>Lifting</h2><p>Before a boat is lifted out
of the water, the mast has to be taken down and the tanks have to be emptied.</p><h2 class=next>
Guests</h2><p>A visitor may stay at the guest pier for three nights, and pays at the office.</p>""",
}


def _fill(sheet: Any, *rows: Sequence[object]) -> None:
    for row in rows:
        sheet.append(row)


def _table(document: Any, *rows: Sequence[str]) -> None:
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words


def _date(iso: str) -> Any:
    from datetime import date

    return date.fromisoformat(iso)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


if __name__ == "__main__":
    main()
