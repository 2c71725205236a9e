"""How good the answers are: question sets in, figures at the level of characters out.

    reading -> questions -> gold ---+
                                    +-> metrics -> figures -> resampling (intervals)
    running -> records (journal) ---+           -> verdicts
            -> runs -> results (run.jsonl, results.json) -> reporting, gating
                       comparison (with an earlier run)  -> reporting, gating
                       plots, excerpts                   -> report (report.html)

    material -> drafting (speakers, facts, written) -> drafts -> sets -> reviewing
    chat's answers -> collecting -> sets             desk: a server's runs of them

`evaluate` and `compare` are the path; `spans` is the arithmetic below it, `opinions`
are a language model's, on request.
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
from assistant.evaluation.runs.running import Progress, Respondent, evaluate
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.sets.loading import read_questions
from assistant.evaluation.sets.questions import Question, QuestionSet

__all__ = [
    "Baseline",
    "Change",
    "Check",
    "Comparison",
    "Progress",
    "Question",
    "QuestionChange",
    "QuestionSet",
    "Record",
    "Respondent",
    "Results",
    "Row",
    "Run",
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
