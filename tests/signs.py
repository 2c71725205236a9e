"""Signs by which a question can be answered with a given probability."""

from math import log

from assistant.answering.refusing import ANSWERABILITY
from index.documents import Signs


def likely(probability: float) -> Signs:
    """Those of a hit that has nothing but a sentence with the right cosine."""
    bias, weight, *_ = ANSWERABILITY
    logit = log(probability / (1 - probability))
    return Signs((logit - bias) / weight, 0.0, 0.0, 0.0, 0.0)
