"""Words of languages without a parser: who says something, and how it is said that they do."""

from __future__ import annotations

from collections.abc import Mapping

SPEECH_VERBS = """
sagte sagt sagten sagen erklärte erklärt erklärten meinte meint betonte betont berichtete berichtet
schrieb schreibt forderte fordert warnte warnt versicherte antwortete antwortet fragte fragt rief
lobte lobt mahnte mahnt klagte klagt kommentierte kommentiert beklagte bedauerte bilanzierte
ergänzte ergänzt behauptete bestätigte erwiderte entgegnete erzählte erzählt so fügte kritisierte
kritisiert kündigte räumte teilte verkündete vermutet vermutete glaubt findet
dit disait déclare déclaré explique expliqué affirme affirmé ajoute ajouté assure assuré estime
estimé répond répondu demande demandé indique indiqué précise précisé souligne souligné annonce
annoncé raconte raconté écrit confie confié s'indigne s’indigne regrette regretté dénonce dénoncé
prévient prévenu reconnaît reconnu rappelle rappelé conclut conclu insiste insisté soutient
s'emporte s’emporte s'agace s’agace s'étonne s’étonne s'interroge s’interroge fulmine tempête peste
déplore déploré martèle martelé glisse glissé poursuit poursuivi résume résumé plaide plaidé
s'inquiète s’inquiète promet promis craint confirme confirmé juge jugé lance lancé
dijo dice decía declaró afirmó afirma aseguró asegura explicó explica añadió añade señaló señala
indicó manifestó agregó respondió preguntó sostuvo sostiene advirtió advierte anunció comentó
matizó apuntó apunta destacó destaca recalcó criticó concluyó opinó opina
subrayó aclaró contó reconoció lamentó insistió denunció recordó prometió confirmó
detto dichiarato spiegato afferma aggiunto disse spiega dice afirmou declarou explicou acrescentou
disse zei zegt verklaarde vertelde
сказал сказала сказали заявил заявила заявили сообщил сообщила сообщили сообщает отметил отметила
добавил добавила подчеркнул подчеркнула рассказал рассказала объяснил объяснила ответил ответила
спросил спросила написал написала говорит говорят пояснил пояснила считает считают возразил
возразила спросили ответили пообещал пообещала обещает предупредил предупредила признал признала
уточнил уточнила напомнил напомнила утверждает утверждают заметил заметила уверен уверена
полагает опасается рассказывает объясняет отмечает подтвердил подтвердила подтвердили посетовал
посетовала возмутился возмутилась удивился удивилась вспоминает вспомнил вспомнила поделился
поделилась заверил заверила
"""
"""Verbs of saying of German, French, Spanish, Italian, Portuguese, Dutch and Russian, in the third
person as newspapers use them. Written down by hand."""

PRONOUNS: Mapping[str, str] = {
    "er": "m", "il": "m", "él": "m", "lui": "m", "ele": "m", "hij": "m", "он": "m",
    "его": "m", "её": "f", "ее": "f",
    "sie": "f", "elle": "f", "ella": "f", "lei": "f", "ela": "f", "zij": "f", "ze": "f", "она": "f",
}  # fmt: skip
"""Those of one person, with the gender."""

NOBODYS = frozenset(
    """ich es wir man wer je on nous vous ils elles qui yo usted ellos quien io я оно мы они кто это
    que qu dass daß что che dat der die das tout cela ça ce как wie comme como dies diese
    dieser""".split()
)
"""Whom they stand for cannot be told."""

SPOKEN = frozenset(SPEECH_VERBS.split())

SEPARABLE = """
gab gibt gaben geben: bekannt zu an preis
stellte stellt stellten stellen: klar fest
machte macht machten machen: klar deutlich
wies weist wiesen weisen: hin zurück
ging geht gingen gehen: aus
schlug schlägt schlugen schlagen: vor
legte legt legten legen: nahe dar
wandte wendet: ein
lehnte lehnt lehnten: ab
hob hebt hoben: hervor
setzte setzt: hinzu
"""
"""German verbs that mean saying with one of these words at the end of their clause alone."""
