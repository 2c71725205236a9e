"""What can go wrong in the assistant, in the words of the person who meets it.

AssistantError
├── WrongUse           a question, option or setting that cannot be used
├── BadQuestionSet     a question set has a line that cannot be used; names it
├── ServerUnreachable  the running server that holds the index does not answer
└── PortUnavailable    no port to listen on
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
