"""How good the answers are: question sets in, figures at the level of characters out.

    reading -> questions -> gold ---+
                                    +-> metrics -> figures -> resampling (intervals)
    running -> records (journal) ---+           -> verdicts
            -> runs (run.jsonl, results.json)   -> reporting (the table)

`evaluate` is the path; `spans` is the arithmetic below it.
"""

from assistant.evaluation.questions import Question, QuestionSet
from assistant.evaluation.reading import read_questions
from assistant.evaluation.records import Record
from assistant.evaluation.reporting import table
from assistant.evaluation.results import Results, Row, read_results
from assistant.evaluation.running import Progress, Respondent, evaluate
from assistant.evaluation.runs import Run, Scope, write_run

__all__ = [
    "Progress",
    "Question",
    "QuestionSet",
    "Record",
    "Respondent",
    "Results",
    "Row",
    "Run",
    "Scope",
    "evaluate",
    "read_questions",
    "read_results",
    "table",
    "write_run",
]
