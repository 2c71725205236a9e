"""How good the answers are: question sets in, figures at the level of characters out.

    sets      files to questions; an index's own sets; answers of the chat as questions
    drafting  questions from one's own documents, and their review
    runs      every question asked, its record kept, the run written
    scoring   questions and records to metrics, figures, intervals and verdicts
    reports   a run as a table or a page, beside an earlier one, as a gate

    sets -> runs -> scoring -> reports

`command` is `onrecord eval`, `desk` are a server's runs; `evaluate` and `compare` are the
path from Python.
"""

from assistant.evaluation.reports.comparison import (
    Baseline,
    Change,
    Comparison,
    QuestionChange,
    compare,
)
from assistant.evaluation.reports.gating import Check, check_bounds, check_no_worse, junit, summary
from assistant.evaluation.reports.report import write_report
from assistant.evaluation.reports.reporting import comparison_table, table
from assistant.evaluation.runs.results import Results, Row, read_results
from assistant.evaluation.runs.run import Run, Scope, write_run
from assistant.evaluation.runs.running import Respondent, RunProgress, evaluate
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.sets.loading import read_questions
from assistant.evaluation.sets.questions import Question, QuestionSet

__all__ = [
    "Baseline",
    "Change",
    "Check",
    "Comparison",
    "Question",
    "QuestionChange",
    "QuestionSet",
    "Record",
    "Respondent",
    "Results",
    "Row",
    "Run",
    "RunProgress",
    "Scope",
    "check_bounds",
    "check_no_worse",
    "compare",
    "comparison_table",
    "evaluate",
    "junit",
    "read_questions",
    "read_results",
    "summary",
    "table",
    "write_report",
    "write_run",
]
