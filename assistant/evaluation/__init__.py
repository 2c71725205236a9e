"""How good the answers are: question sets in, figures at the level of characters out.

    questions -> gold ------+
                            +-> metrics -> runs (run.jsonl, results.json)
    running -> records -----+           -> reporting (the table)

`evaluate` is the path; `spans` is the arithmetic below it.
"""

from assistant.evaluation.questions import Question, QuestionSet
from assistant.evaluation.reading import read_questions
from assistant.evaluation.records import Record
from assistant.evaluation.reporting import table
from assistant.evaluation.running import Respondent, evaluate
from assistant.evaluation.runs import Run, Scope, write_run

__all__ = [
    "Question",
    "QuestionSet",
    "Record",
    "Respondent",
    "Run",
    "Scope",
    "evaluate",
    "read_questions",
    "table",
    "write_run",
]
