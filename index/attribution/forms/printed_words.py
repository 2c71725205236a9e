"""What mails, transcripts and lists of those present print around names, in several languages.

Closed lists, written down by hand after what mail programs, recorders and clerks print; most are
alternatives of a regular expression.
"""

from __future__ import annotations


def any_of(rows: str) -> str:
    """The alternatives of a list with one in each row."""
    return "|".join(row.strip() for row in rows.strip().splitlines())


def any_word(words: str) -> str:
    """The alternatives of a list of words."""
    return "|".join(words.split())


TITLES = any_of(
    r"""
    (?:[Mm](?:r|rs|s|iss)|M(?:R|RS|S|ISS)|Dr|DR)\b\.?
    T(?:he|HE)
    S(?:enator|ENATOR)
    Representative
    (?:Vice |VICE )?C(?:hair|HAIR)(?:man|woman|MAN|WOMAN)?
    S(?:ecretary|ECRETARY)
    G(?:eneral|overnor|OVERNOR)
    Admiral
    Judge
    (?:Chief |CHIEF )?J(?:ustice|USTICE)
    P(?:resident|RESIDENT)
    """
)
"""What records of hearings print before a name in capitals."""

PRESENT = any_of(
    """
    present
    attend(?:ees?|ing|ed)
    participants?
    in attendance
    members present
    also present
    panel(?:l?ists?)?
    witness(?:es)?
    speakers?
    people
    on the call
    anwesend
    teilnehmer(?:innen)?
    présents?
    participantes
    asistentes
    присутствовали
    участники
    """
)
"""Before a list of those who take part."""

STAGE = any_of(
    """
    laugh(?:ter|s|ing)?
    applau(?:se|ds)
    inaudible
    unintelligible
    crosstalk
    pauses?
    sighs?
    cheers
    coughs?
    music
    ph(?:onetic)?
    off[- ]?mic
    overlapping
    silence
    nods?
    indiscernible
    smiles?
    break in audio
    interruption
    """
)
"""What happens while somebody speaks, in brackets."""

NO_MESSAGE = any_of(
    r"""
    \u200e.*
    <?(?:media|image|video|audio|sticker|gif|document|voice call)[\w ]* omitted>?
    messages and calls are end-to-end encrypted.*
    nachrichten und anrufe sind ende-zu-ende-verschlüsselt.*
    <?media weggelassen>?
    this message was deleted\.?
    you deleted this message\.?
    null
    \d+ repl(?:y|ies).*
    new messages?
    [^.:!?]{2,40} (?:started|stopped) (?:the )?(?:transcription|recording)
    \d{1,4}
    page \d+.*
    """
)
"""Lines that a program puts where nobody says anything."""

MAIL_FIELDS = frozenset(
    """From Sent To Cc CC Bcc Subject Date Von Gesendet An Betreff Datum De Envoyé À Objet Para
    Asunto Enviado Fecha От Кому Тема Дата""".split()
)
SENDERS = frozenset("From Von De От".split())
DATES = frozenset("Date Sent Gesendet Datum Envoyé Enviado Fecha Дата".split())

ANOTHERS_MESSAGE = any_of(
    """
    Original Message
    Forwarded message
    Original-Nachricht
    Ursprüngliche Nachricht
    Message d'origine
    Weitergeleitete Nachricht
    Mensaje original
    Begin forwarded message
    """
)
"""Between dashes, above a message that is quoted or passed on."""

WRITES = any_word(
    "wrote writes said schrieb écrit escribió scritto escreveu schreef skrev пишет написал написала"
)
ON_A_DAY = any_word("On Am Le El Il Den Em Op På В um at à PM AM UTC GMT Uhr h kl")
DAYS = any_word(
    """Mon Tue Wed Thu Fri Sat Sun Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Mo Di
    Mi Do Fr Sa So lun mar mer jeu ven sam dim пн вт ср чт пт сб вс"""
)
MONTHS = any_word(
    """Jan Feb Mar Mär Apr May Mai Jun Jul Aug Sep Okt Oct Nov Dec Dez janv févr mars avril juin
    juil août sept déc ene abr ago dic июн июл авг сен окт ноя дек янв фев мар апр мая"""
)
"""How the line begins that says who wrote what follows, and what of it is no name."""

GREETS = any_of(
    """
    hi
    hello
    hey
    dear
    good (?:morning|afternoon|evening|day)
    greetings
    hallo
    liebe[rs]?
    guten (?:tag|morgen)
    sehr geehrte[rn]?
    moin
    bonjour
    salut
    ch(?:er|ère)s?
    hola
    buenos días
    estimad[oa]s?
    querid[oa]s?
    ciao
    здравствуйте
    уважаем(?:ый|ая|ые)
    привет
    добрый день
    hei
    hej
    kjære
    all
    everyone
    team
    folks
    """
)
"""With which the first line of a mail or letter begins."""

BEFORE_GOODBYE = any_word("with my many very all yours best kind kindest warm warmest")
SAYS_GOODBYE = any_of(
    """
    best
    regards
    wishes
    thanks
    thank you
    cheers
    sincerely
    faithfully
    truly
    respectfully
    yours
    love
    cordially
    ciao
    greetings
    take care
    talk soon
    see you
    (?:viele |liebe |beste |mit freundlichen |herzliche |schöne |mit besten )+grüße?n?
    mfg
    lg
    vg
    gruß
    bien (?:à vous|cordialement)
    cordialement
    amicalement
    (?:un )?(?:saludos?|abrazo)(?: cordiales)?
    atentamente
    с уважением
    med (?:vennlig )?hilsen
    mvh
    hilsen
    """
)
BEHIND_GOODBYE = (
    "again|in advance|a lot|so much|and regards|very much|regards|wishes|faithfully|truly|sincerely"
)
"""Above a signature: "With kind regards"."""

SENT_FROM = r"(?:sent from my|get outlook for) \w+.*"

BELOW = any_of(
    r"""
    you received this message because you are subscribed
    to unsubscribe
    to post to this group
    this e-?mail and any
    confidentiality notice
    \[attachment
    for more options, visit
    view this message
    sent via
    reply to this email directly
    """
)
"""What a mailing list or a company puts below each message."""

SPEECH = any_word(
    """speech remarks statement address testimony lecture keynote eulogy sermon submission message
    rede ansprache discours discurso речь выступление"""
)
"""What a title calls the words of one person."""
