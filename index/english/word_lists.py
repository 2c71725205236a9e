"""The word lists of English, each once, side by side where they differ a little on purpose.

Closed classes were written down by hand, after Snowball's stop words, the Penn Treebank's
function words and what newspapers print before names; where a list belongs to a rule that
was measured, the rule's module has the figures. Which verbs say that something is said is no
list but a model, learned from annotated news: see `index.attribution.cues`.
"""

from __future__ import annotations

from collections.abc import Mapping

# -- what says nothing of a topic ------------------------------------------------

FUNCTION_WORDS = frozenset(
    """i me my myself we our ours ourselves you your yours yourself yourselves he him his
    himself she her hers herself it its itself they them their theirs themselves what which
    who whom whose this that these those am is are was were be been being have has had having
    do does did doing would should could ought will can may might must shall a an the and but
    if or because as until while of at by for with about against between into through during
    before after above below to from up down in out on off over under again further then once
    here there when where why how all any both each few more most other some such no nor not
    only own same so than too very s t say says said saying tell tells told telling""".split()
)
"""Words of a question that say nothing of its topic: Snowball's English stop words,
the modal verbs, and say and tell. In a small index they are as rare as any other
word, so idf cannot tell."""

LITTLE_WORDS = frozenset(
    """us let also almost already always anyway away besides else even ever exactly how however
    instead just maybe never otherwise perhaps quite rather really simply still though together
    upon without yet""".split()
)
"""Further words that name nothing of whom or which is asked: "what do they tell us?"."""

GENERAL_TITLES = frozenset("leader person man woman head official state".split())
"""Fit so many people that they do not tell one from the other."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)

GENERAL_NOUNS = frozenset(
    """thing things way ways people person persons man men woman women guy guys fact facts lot
    lots kind kinds sort sorts type types something anything everything nothing someone anyone
    everyone one ones time times moment point points part parts place places case cases number
    numbers bit reason reasons question questions answer answers issue issues problem problems
    idea ideas end side sides matter matters result results situation statement statements
    comment comments remark remarks interview interviews word words line lines piece example
    examples course form level area areas side set sense effort efforts work job today
    yesterday tomorrow tonight day days week weeks weekend month months year years decade
    decades century morning afternoon evening night hour hours minute minutes second seconds
    ago spring summer autumn fall winter spokesman spokeswoman reporter reporters man friend
    friends folks somebody anybody percent majority rest half none start beginning middle
    group groups member members""".split()
) | {*DAYS, *MONTHS}
"""Nouns that name no topic of a question."""

GENERAL_VERBS = frozenset("be have do get make go come take become seem say tell think".split())
"""Verbs that do not tell one deed from another."""

LIGHT_VERBS = GENERAL_VERBS | frozenset("need require let give want use provide ensure".split())
"""Verbs that tell little of what a clause says: it is in what depends on them."""

COMPARING_ADJECTIVES = frozenset(
    """other same own such last next previous first second third former latter certain various
    several many few more most much less least enough whole entire only very right good bad
    great new old big little different real long""".split()
)
"""They compare with what was said before, or tell nothing apart."""

ADJECTIVES = frozenset(
    """late early free full main small large big short high low wrong single double extra empty
    open ready heavy light fast slow cheap dear hard easy safe clean dry wet hot cold warm strong
    weak public private normal special common young alone away back only""".split()
)
"""Frequent ones that do not look like adjectives."""

ATTRIBUTES = frozenset(
    """length size height width depth weight age price cost fee charge amount sum rate speed
    duration period deadline date name title colour color address distance capacity value limit
    salary wage pay discount frequency percentage share purpose role cause effect origin location
    position status condition requirement procedure process policy rule method meaning difference
    advantage benefit template format content topic subject step detail information opinion
    consequence penalty order help use change start explanation vote outcome decision""".split()
)
"""What everything may have: a text gives it without its name, "28 days" for the length."""

# -- not and perhaps -------------------------------------------------------------

NEGATING_WORDS = frozenset(
    """not cannot no never none nobody nothing neither without nor hardly unable don't doesn't
    didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't
    hadn't mustn't needn't shan't mightn't oughtn't daren't ain't""".split()
)

NEGATING_VERBS = frozenset("decline refuse deny fail lack reject".split())

ENDING_VERBS = frozenset("cancel drop omit abolish abandon forbid ban prohibit exclude".split())
"""What they are said of is there no more, or may not be."""

NEGATING_PREFIXES = ("in", "im", "ir", "un", "non", "non-", "dis")
"""Before a word they make its contrary: valid, invalid."""

DECLINING_VERBS = frozenset("decline refuse fail forget avoid".split())
"""Whoever does so to say something does not say it."""

DOUBTING_VERBS = frozenset("doubt dispute".split())
"""Whoever does so to something says that it is not so."""

NOBODY = frozenset("neither none".split())
"""As a subject, or before one: nobody does it."""

HEARSAY = frozenset("reportedly allegedly apparently supposedly seemingly may might".split())
"""Beside a verb of saying: it is said to be said."""

HEDGING_WORDS = HEARSAY | frozenset("could possibly perhaps maybe probably likely".split())

UNIVERSALS = (
    frozenset("all every everybody everyone everything each".split()),
    frozenset(
        "any anybody anyone anything anytime always whenever regardless unlimited matter".split()
    ),
)
"""They leave nothing out: of those who are meant, and whatever the case may be."""

LIMITS = frozenset("only if unless until within except after before must subsequent".split())
"""They leave something out."""

FREE_OF_CHARGE = frozenset(
    "free nothing no none not without include included includes pay pays paid".split()
)
"""Where something costs nothing, one of these says so."""

PERMISSIONS = frozenset({"can", "cannot", "can't"})
"""They say no less than "may", which permits as often as it doubts."""

HEDGING_VERBS = frozenset("seem appear".split())

CONTRARIES = (
    ("rise rose risen increase grow grew grown", "fall fell fallen decrease decline drop"),
    ("more most greater", "less least fewer fewest"),
    ("higher highest", "lower lowest"),
    ("larger largest bigger biggest", "smaller smallest"),
    ("longer longest", "shorter shortest"),
    ("above over", "below under"),
    ("first", "last"),
    ("maximum", "minimum"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("public", "private"),
    ("accept approve", "reject refuse"),
    ("support back favour favor", "oppose"),
    ("allow permit", "forbid forbade forbidden prohibit ban disallow"),
    ("include", "exclude"),
    ("keep kept retain remember", "lose lost forfeit forget forgot forgotten"),
    ("same", "another different"),
    ("open", "closed shut"),
    ("early earlier", "late later"),
    ("new", "old"),
    ("home domestic", "overseas abroad foreign"),
    ("full", "empty"),
    ("wet", "dry"),
    ("hot", "cold"),
    ("optional voluntary", "mandatory compulsory obligatory required"),
    ("begin began begun start", "end stop finish"),
    ("praise", "criticize criticise condemn accuse blame"),
    ("agree", "disagree"),
    ("success succeed successful", "failure fail failed"),
    ("always", "never"),
    ("cheap cheaper", "expensive"),
    ("legal", "illegal"),
    ("positive", "negative"),
)
"""Words that say the contrary of each other, whoever is named first: not "before" and "after",
nor "buy" and "sell"."""

CONTRARY_PREPOSITIONS = (
    (("in", "inside", "within"), ("outside",)),
    (("with",), ("without",)),
    (("before",), ("after",)),
    (("above", "over"), ("below", "under")),
)

# -- how many, how much, when ----------------------------------------------------

NUMBER_WORDS: Mapping[str, str] = {
    word: str(number)
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
     "eighty": "80", "ninety": "90"}  # fmt: skip
"""In digits."""

ORDINALS: Mapping[str, str] = {
    word: f"{number}."
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth last".split(), 1
    )
}

SERIES = (
    tuple((day,) for day in DAYS),
    tuple((month,) for month in MONTHS),
    (("spring",), ("summer",), ("autumn", "fall"), ("winter",)),
    tuple((ordinal,) for ordinal in ORDINALS),
    (
        ("hourly",), ("daily",), ("weekly",), ("fortnightly",), ("monthly",), ("quarterly",),
        ("yearly", "annual", "annually"),
    ),
)  # fmt: skip
"""Words that follow one another, each with those that mean the same: what is said of one is not
said of the next, however alike they are."""

OFTEN_A_PRONOUN = frozenset({"one"})
"""Words for numbers that are something else as well."""

SCALES: Mapping[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip

SCALES_OF_MONEY: Mapping[str, float] = {
    "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12,
}  # fmt: skip
"""€1.25m is a sum, "1.25 m" a length."""

QUANTIFIERS = tuple(
    """half third quarter dozen hundred thousand million billion none no both single twice once
    several few many most majority""".split()
)
"""They answer "how many" though they are no numbers."""

BETWEEN_NUMBER_AND_THING = frozenset(
    "of the a an our their its his her these those such all".split()
)
""" "20,000 of our citizens" counts citizens."""

COMPARED = frozenset("more fewer less other additional extra times th st nd rd".split())
"""Behind a number: it counts from something else."""

SPANS_OF_TIME = frozenset(
    """second seconds minute minutes hour hours day days week weeks month months year years
    decade decades century centuries a.m p.m am pm""".split()
)
"""How long or how long ago depends on from when, which the sentence seldom says."""

MEASURES: Mapping[str, str] = {
    form: unit
    for unit in """second minute hour day week month quarter year decade century byte kilobyte
    megabyte gigabyte terabyte metre meter kilometre kilometer mile foot inch gram kilogram pound
    ounce ton tonne litre liter gallon degree dollar euro""".split()
    for form in (unit, f"{unit}s")
} | {"centuries": "century", "feet": "foot", "inches": "inch", "kb": "kilobyte",
     "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte", "km": "kilometre", "kg": "kilogram",
     "weekday": "day", "weekdays": "day"}  # fmt: skip
"""Units of measure by their forms: of two that differ, one number cannot be the other."""

TIMES = frozenset("second minute hour day week month quarter year century".split())
"""Units of which one may stand in place of another: four weeks, two months."""

PERIODIC: Mapping[str, str] = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month",
    "quarterly": "quarter", "yearly": "year", "annually": "year",
}  # fmt: skip

AT_LEAST = ("at least", "more than", "over", "above", "exceeding", "exceeds", "longer than",
            "greater than", "minimum of", "no less than")  # fmt: skip
AT_MOST = ("at most", "less than", "under", "below", "up to", "fewer than", "no more than",
           "maximum of", "within", "not exceeding", "capped at")  # fmt: skip
"""Before a number: on which side of it the truth lies."""

WHEN = frozenset(
    """today yesterday tomorrow now year month week day hour night morning evening decade century
    first second third fourth fifth last next previous earlier later early late former then again
    annually daily weekly monthly yearly per each every another other additional initially
    originally currently previously eventually finally total average""".split()
) | {*DAYS, *MONTHS}
"""Words by which two true numbers may differ, if one sentence has them only."""

# -- words for somebody or something that was named before ----------------------

PRONOUNS: Mapping[str, str] = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
"""Those of one person, with the gender."""

UNKNOWN_SPEAKERS = frozenset(
    """i we you they it this that these those who which one some
    both either neither none""".split()
)
"""As the subject of a verb of saying they stand for whom nobody can tell from the grammar."""

OF_TALK = frozenset("i me my mine we us our ours you your yours".split())
"""Whoever talks to somebody says them sooner or later."""

NOT_A_SPEAKER = frozenset(
    """interview note notes warning tip tips example examples step result results update
    section chapter
    figure table method ingredients serves yield prep time date venue place present apologies
    absent agenda item resolved decision action subject from to cc bcc sent re fw name names
    title author address phone tel email e-mail fax web website contact source photo image video
    interview caption scribe scribes regrets topic topics read see also related
    tags category keywords abstract summary background conclusion
    price cost total status version type size definition usage options error
    input output day monday tuesday wednesday thursday friday saturday sunday""".split()
)
"""What stands before a colon where nobody speaks: in lists, records, letters and recipes."""

SOMEBODY = frozenset("he she it they him her them his hers its their".split())
"""Whom these words mean another sentence says."""

OURSELVES = frozenset("i we me us my our ours".split())
"""Whom these mean depends on who speaks."""

SUBJECTS = frozenset("i you we they he she it".split())
"""Pronouns that are the subject of a clause."""

SAME_SUBJECT = frozenset("it he she they this these its his her their".split())
"""A sentence that begins so goes on with what the one before is about."""

SAID_BEFORE = frozenset("this that it these those such".split())
"""Among the first words of a quotation they stand for what was said before it."""

THINGS_POINTED_AT = frozenset("it this that these those which what".split())
"""As a subject they stand for a thing more often than for somebody."""

NOBODY_KNOWN = frozenset("you whoever whatever whichever nothing something anything nobody".split())
"""As a subject they mean nobody of whom it is told that he said it."""

POINTED_AT = frozenset("it this that them these those".split())
"""As the topic of a question they stand for that of the question before."""

POINTS_OUTSIDE = frozenset(
    """this that these those here there then such another other others same former latter
    also however instead meanwhile later earlier now today yesterday tomorrow ago both
    respectively above below following""".split()
)
"""A sentence that has one of these cannot be understood by itself."""

# -- people and what they are called ----------------------------------------------

TITLES = frozenset(
    """mr mrs ms miss dr mme mlle madame monsieur herr frau cllr councillor sir lord lady dame rev
    reverend father pastor bishop archbishop pope
    rabbi imam ayatollah prof professor sen sens senator senators rep reps representative
    congressman congresswoman gov govs governor governors president vice presidential prime
    minister premier chancellor king queen prince princess secretary undersecretary deputy
    assistant attorney general ambassador mayor councilman councilwoman alderman commissioner
    sheriff judge justice chief director chairman chairwoman chair chairperson speaker leader
    majority minority whip spokesman spokeswoman spokesperson captain capt colonel col major
    maj sergeant sgt lieutenant lt admiral adm gen officer detective agent analyst editor host
    anchor reporter columnist correspondent coach ceo cfo founder first former ex nominee
    candidate commander adviser advisor aide strategist lawyer mp house senate state defense
    treasury homeland republican republicans democrat democrats democratic gop independent
    libertarian conservative liberal labour""".split()
)
"""What English prints before a name in capitals and is no part of it."""

OF_ONE_PERSON = TITLES - frozenset(
    """house senate state defense treasury homeland republican republicans democrat democrats
    democratic gop independent libertarian conservative liberal labour first former ex majority
    minority prime vice presidential deputy assistant general attorney chief whip senators reps
    governors""".split()
)
"""Right before a surname they say that somebody has it: "Captain Rusk"."""

ANY_TITLE = frozenset("leader candidate nominee contender hopeful".split())
"""Stand for other titles too: the Tajik leader is the Tajik president."""

QUALIFIERS = frozenset(
    "deputy vice former acting interim assistant associate retired designate elect".split()
)
"""Whoever is called so does not hold the office itself."""

TITLES_IN_FULL: Mapping[str, str] = {
    "ex": "former", "sen": "senator", "gov": "governor", "rep": "representative",
    "gen": "general", "capt": "captain", "col": "colonel", "sgt": "sergeant",
    "lt": "lieutenant", "adm": "admiral", "rev": "reverend", "prof": "professor",
}  # fmt: skip

GENDER: Mapping[str, str] = {
    "mr": "m", "sir": "m", "lord": "m", "king": "m", "prince": "m", "congressman": "m",
    "spokesman": "m", "chairman": "m", "councilman": "m", "father": "m", "mrs": "f",
    "ms": "f", "miss": "f", "mme": "f", "mlle": "f", "madame": "f", "frau": "f",
    "monsieur": "m", "herr": "m", "lady": "f", "dame": "f", "queen": "f", "princess": "f",
    "congresswoman": "f", "spokeswoman": "f", "chairwoman": "f", "councilwoman": "f",
    "mother": "f", "sister": "f", "daughter": "f", "wife": "f", "aunt": "f", "niece": "f",
    "grandmother": "f", "widow": "f", "girl": "f", "woman": "f", "nun": "f", "maid": "f",
    "brother": "m", "son": "m", "husband": "m", "uncle": "m", "nephew": "m",
    "grandfather": "m", "boy": "m", "man": "m", "gentleman": "m", "priest": "m", "monk": "m",
}  # fmt: skip
"""What a title tells of who has it."""

ORGANIZATION = frozenset(
    """news times post press party university college committee department inc corp company co
    club house institute journal center centre council campaign association organization
    organisation union group fund foundation network bank court agency bureau commission
    congress senate parliament board coalition alliance society league federation ministry
    office administration police magazine herald tribune tv radio action school church pac
    states kingdom nations world report guardian street caucus research poll project
    partnership treaty act lake city county river valley island islands beach republic state
    airport hotel tower stadium avenue road day week""".split()
)
"""A name that has one of these is no person's."""

FINDERS = frozenset(
    """survey audit report study poll review inquiry inquest investigation analysis research
    figure data statistic result finding evidence test census paper assessment evaluation record
    document letter trial experiment auditor inspector researcher scientist investigator
    professor inspection memo watchdog
    economist analyst review model estimate index chart graph""".split()
)
"""What finds something in order to tell it."""

ASSERTING_TEXTS = frozenset(
    """letter statement report article declaration e-mail email mail submission lawsuit filing
    complaint ruling order memo tweet post ad advertisement announcement book release leaflet
    brochure law contract agreement catalogue guide petition editorial verdict judgment judgement
    decision indictment affidavit treaty blog newsletter column manifesto platform testimony
    essay study survey statute brief opinion documentation""".split()
)
"""Texts in which somebody asserts something."""

DECIDERS = frozenset(
    """board council committee court judge jury tribunal panel commission member meeting party
    delegate assembly parliament senate cabinet government minister shareholder director trustee
    governor councillor magistrate ombudsman coroner regulator arbitrator inquiry inquest hearing
    union club society association conference congress team group referee authority agency
    executive subcommittee faculty senate""".split()
)
"""Who decides as a body or by office."""

COMPANIES = frozenset(
    """company firm business corporation manufacturer maker producer retailer carrier airline
    operator bank chain developer startup start-up supplier publisher broadcaster insurer lender
    brewer builder group conglomerate utility""".split()
)
PUBLIC_BODIES = frozenset(
    """agency organization organisation body authority department ministry office institution
    institute commission committee council charity union party team club newspaper paper group
    association federation consortium trust campaign watchdog regulator board court university
    college school society""".split()
)
"""What documents call an organization that they have named before."""

ANY_BODY = frozenset("agency organization organisation body institution authority group".split())
"""Stand for any of them."""

VIEWS = frozenset(
    """view opinion mind belief conclusion impression conviction position stance hope fear concern
    point notice word assurance assurances warning complaint objection""".split()
)
"""What somebody is of, takes, gives or makes who says that something is so."""

LIGHT_VERBS_OF_SAYING = frozenset(
    "be hold take give make express voice leave reach raise offer repeat share come have".split()
)
"""With one of these for an object or behind a preposition: "took the view that …"."""

LINKS_TO_A_VIEW = frozenset("of to under".split())
"""Prepositions between the two: "came to the conclusion that …"."""

MADE_KNOWN = frozenset("clear plain known know public explicit obvious".split())
"""Whoever makes it so, or lets it be so, says it: "made it clear that …"."""

MAKING_KNOWN = frozenset("make let".split())

ASKING_VERBS = frozenset("ask wonder inquire enquire query".split())

SEVERAL = frozenset(
    """residents members police people relatives parents officials children men women neighbours
    critics campaigners staff pupils students delegates authorities villagers locals experts
    families unions others""".split()
)
"""Whom "they" stands for."""

COMPANY_FORMS = frozenset(
    "ag gmbh se sa spa ab as asa oy nv bv plc ltd llc llp inc corp co kg kk sarl srl".split()
)

KIN = frozenset(
    """mother father sister brother son daughter wife husband uncle aunt cousin nephew niece
    grandmother grandfather widow girl boy man woman lady gentleman child friend neighbour
    neighbor clerk cook guard guest nurse priest monk nun witness patient student pupil
    victim defendant plaintiff accountant attendant servant maid chef coach captain
    sailor stranger""".split()
)
"""Persons, by what they are to somebody or do."""

EPITHETS = frozenset("poor old young little dear sweet big great honest brave wicked good".split())
"""In front of a first name, with a capital letter where a sentence begins: "Poor Fanny"."""

HONOURS = frozenset("qc kc mp mep msp tn phd md obe cbe mbe kbe dbe esq jp rn frs".split())
"""Behind a name, and no part of it."""

SAME_NAME = frozenset("jr sr ii iii iv jnr snr".split())
"""Behind the surname: the son, or the third who is called so."""

QUANTITIES = frozenset(
    """couple number array majority minority handful dozen half most some several many few one cent
    percent third quarter host lot all none each two three four five six ten""".split()
)
"""As a subject with "of" behind it they count those who speak."""

PARTICLES = frozenset(
    "de van von al bin ibn la le del della der den du di da do dos das ter zu el".split()
)
"""In small letters inside a name."""

LEADING_PARTICLES = ("de", "van", "von", "bin", "ibn", "da", "di", "ter", "zu")
"""With these a surname alone may begin in small letters: no English words."""

NOT_A_NAME = (
    FUNCTION_WORDS
    | {*DAYS, *MONTHS}
    | frozenset(
        """asked according speaking meanwhile earlier later despite like yet well also even still
        many several some one two three neither either us another since while although though
        however among without within""".split()
    )
)
"""Have a capital letter where a sentence begins, or always, and are nobody's name."""

SOMEBODY_NEW = frozenset("a an another some one no any every each".split())
"""Before a title: the reader does not know yet who is meant."""

BEFORE_A_TITLE = frozenset("a an the his her its their our".split())
"""As in "her deputy, Ann Lee, said"."""

BEHIND_A_TITLE = frozenset("of to for who whose in at from with on under since that which".split())
"""What these lead to describes somebody else: "the mayor of Oslo"."""

DOCUMENTS = frozenset(
    """paper article document text report story author newspaper section chapter paragraph clause
    page file rule rules regulation regulations law act contract agreement policy policies
    handbook manual guide guidelines faq minutes meeting memo letter mail email documentation
    terms charter comment comments footnote footnotes""".split()
)
"""Whoever asks for its words asks what the documents say, unless they credit it."""

CURRENCIES = tuple(
    """dollar euro pound cent franc crown ruble rouble rubl krone kroner krona kronor zloty yen yuan
    renminbi rupee rand reais peso lira shekel dirham riyal baht forint koruna leu lei dinar somoni
    tenge hryvnia""".split()
)
CURRENCY_CODES = tuple(
    """USD EUR GBP JPY CHF CAD AUD NZD CNY NOK SEK DKK ISK PLN CZK HUF RON RUB UAH TRY INR BRL MXN
    ZAR SGD HKD KRW THB IDR ILS AED SAR TJS KZT""".split()
)

# -- saying ---------------------------------------------------------------------

SAYING = frozenset(
    """say says said tell tells told mention mentioned comment commented remark remarked talk
    talked speak spoke spoken""".split()
)
"""Mean words only. Other cues may mean a deed ("attack", "add"), unless a topic follows."""

SAID = SAYING | frozenset(
    """added argued claimed insisted explained noted stressed warned suggested asserted
    wrote tweeted continued replied responded predicted concluded""".split()
)
"""Behind these indirect speech is as good as always somebody's statement."""

OF_DEEDS_TOO = frozenset(
    """offer charge issue report post detail label list maintain continue express answer call give
    add share state record publish present introduce propose confirm reveal respond recall note
    mark order question point reject repeat endorse refer counter outline promise pledge grant
    request require demand challenge address approve recommend allow advise notify inform""".split()
)
"""Verbs of saying that in an ordinary question mean what is done: "What does it offer?". They
ask for words only of somebody whose words are known, or where "that" follows."""

THINKING = frozenset("think thinks thought believe believes believed feel feels felt".split())
"""A question may put so what a document can only say."""

TELLING_VERBS = frozenset(
    "ask tell warn advise inform notify assure remind persuade convince".split()
)
"""Verbs that have whoever is told for an object beside what is said."""

REPORTING_VERBS = frozenset("quote cite report".split())
"""They have somebody say it: "quoted him as saying"."""

CONDITIONS = frozenset("if unless whether lest".split())
"""What is said behind one of these is not asserted."""

ASKING = frozenset("which what who whom whose how where when why whether if whatever".split())
"""What begins so asserts nothing, though it is a clause."""

REASONS = frozenset("because despite".split())
"""What these lead to belongs to what is said, not to its being said."""

UNREAL = frozenset("should must ought shall will 'll ’ll".split())
"""Beside a verb of saying: nothing is said yet, it is a duty or a plan."""

SAYS_NOTHING = frozenset(
    """nothing something anything little much more less so goodbye hello farewell thanks sorry
    goodnight grace prayer prayers""".split()
)
"""As the whole of what somebody says they tell nothing of it."""

POINTS = frozenset(
    """point statement argument claim recommendation demand comment remark suggestion observation
    finding following it reason objection proposal condition question concern example request
    conclusion""".split()
)
"""What people make, list or raise when they say something."""

ADDS_NOTHING = frozenset("at all about it of the kind more further".split())
"""Behind these: "said nothing at all"."""

NEVER_INTRODUCES = frozenset("be mean have do get go make take come give see want know".split())
"""A quotation may hang on any other verb ("beamed", "boomed"), for its marks say that
it was said."""

ABOUT_IT_TOO = frozenset("of for as to about that over with on against from".split())
"""Prepositions behind an object that go on with what is said of it."""

LINKS_TO_SPEECH = frozenset("that whether if how why what when where who to so".split())
"""What begins so is reported without another "that"."""

BEFORE_A_TOPIC = frozenset(
    """about on of regarding concerning that to for with in at anything something whether if
    article document text paper""".split()
)
"""Lead from a verb of saying to what it is about."""

BEFORE_A_NOUN = frozenset("of the a an and or ’s 's".split())
"""Behind these a word is no verb: "the State Department", "the secretary of state"."""

IRREGULAR_PARTICIPLES = frozenset(
    """been begun bought brought built caught chosen come cut done drawn driven eaten fallen felt
    fought found given gone got grown held hit hurt kept known laid led left lent let lost made
    meant met paid put read run said seen sent set shown shut sold sought spent spoken stolen sung
    taken taught thrown told thought understood won worn written""".split()
)
"""They end a question as often as a noun does: "when was the mail sent?"."""

IRREGULAR: Mapping[str, str] = {
    "say": "said", "tell": "told", "write": "wrote written", "speak": "spoke spoken",
    "bring": "brought", "swear": "swore sworn", "think": "thought", "hold": "held",
    "put": "putting", "forbid": "forbade forbidden", "admit": "admitted admitting",
    "find": "found", "feel": "felt", "show": "shown", "hear": "heard",
    "read": "read", "make": "made", "give": "gave given", "take": "took taken",
}  # fmt: skip
"""Forms of verbs that no rule makes."""
