"""What can go wrong in the assistant, in the words of the person who meets it.

AssistantError
├── WrongUse             a question, option or setting that cannot be used
├── BadQuestionSet       a question set has a line that cannot be used; names it
├── ServerUnreachable    the running server that holds the index does not answer
├── PortUnavailable      no port to listen on
├── AccountsUnavailable  the file of accounts cannot be read or written
│   └── AccountsDamaged  it never can, as it is
├── LoginFailed          somebody could not be signed in
├── NoSuchConversation   it was removed, or is somebody else's
├── NoSuchQuestionSet    there is no question set of this name
├── NoSuchRun            there is no run of this name, or it is somebody else's
├── RunUnfinished        a run is going on, or was stopped before its end
└── ModelFailed          the language model gave no answer, or not all of it
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


class AccountsUnavailable(AssistantError):
    """The file of accounts cannot be read or written."""


class AccountsDamaged(AccountsUnavailable):
    """The file of accounts is empty, cut short or no such file: it cannot be used as it is."""


class LoginFailed(AssistantError):
    """Somebody could not be signed in."""


class NoSuchConversation(AssistantError):
    """It was removed, or is somebody else's: which one, nobody is told."""


class NoSuchQuestionSet(AssistantError):
    """There is no question set of this name."""


class NoSuchRun(AssistantError):
    """There is no run of this name, or it is somebody else's: which one, nobody is told."""


class RunUnfinished(AssistantError):
    """A run is going on, or was stopped before its end."""


class ModelFailed(AssistantError):
    """The language model gave no answer, or not all of it. `passing`: it may do so if it
    is asked again."""

    def __init__(self, words: str, *, passing: bool = False) -> None:
        super().__init__(words)
        self.passing = passing
