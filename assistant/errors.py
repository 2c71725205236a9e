"""What can go wrong in the assistant, in the words of the person who meets it.

AssistantError
├── WrongUse           a question, option or setting that cannot be used
├── BadQuestionSet     a question set has a line that cannot be used; names it
├── ServerUnreachable  the running server that holds the index does not answer
├── PortUnavailable    no port to listen on
└── ModelFailed        the language model gave no answer, or not all of it
"""


class AssistantError(Exception):
    """Says what, which one, and what to do next; shown to people as it is."""


class WrongUse(AssistantError):
    """A question, option or setting that cannot be used."""


class BadQuestionSet(AssistantError):
    """A question set has a line that cannot be used."""


class ServerUnreachable(AssistantError):
    """The running server that holds the index does not answer."""


class PortUnavailable(AssistantError):
    """No port to listen on."""


class ModelFailed(AssistantError):
    """The language model gave no answer, or not all of it. `passing`: it may do so if it
    is asked again."""

    def __init__(self, words: str, *, passing: bool = False) -> None:
        super().__init__(words)
        self.passing = passing
