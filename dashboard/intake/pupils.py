"""Which headings are about single pupils. Nothing about a single pupil is kept, not even passing through (1.23).

Counts of pupils are welcome ("number of pupils", "pupils on roll"), and so are colleagues ("head teacher", "student
teacher"). What tells one pupil from another is refused: a name, a number, a date of birth, a yes or no. The rules read
whole words, so that "Childs Hill Primary School" may head a column of figures. A name alone ("Surname") may be that of
a colleague, as in registers by person; "Year 6 names" are those of pupils, unless a word for staff stands beside them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import Final

from dashboard.intake.problems import Problem, Refused
from dashboard.intake.tables import Table, show

_ONE: Final = frozenset({"pupil", "child", "student", "learner", "boy", "girl"})
_ONE_OR_MORE: Final = _ONE | {"pupils", "children", "childs", "childrens", "students", "learners", "boys", "girls"}
_TELLING: Final = frozenset(
    {
        "name", "names", "named", "forename", "forenames", "surname", "surnames", "firstname", "lastname", "fullname",
        "initials", "id", "ids", "identifier", "upn", "uln", "dob", "birth", "birthday", "birthdays", "address",
        "addresses", "email", "emails", "phone", "telephone", "mobile", "photo", "photos",
    }
)  # fmt: skip
"""Beside a word for pupils these tell who somebody is."""
_TRAITS: Final = frozenset({"gender", "sex", "ethnicity", "nationality", "postcode", "diagnosis", "allergies"})
"""Beside a word for one pupil these do too, unless something is counted."""
_COUNTING: Final = frozenset(
    {
        "number", "numbers", "count", "total", "percent", "percentage", "share", "proportion", "rate", "ratio",
        "average", "mean", "median", "headcount",
    }
)  # fmt: skip
_STAFF: Final = frozenset(
    {
        "teacher", "teachers", "lead", "leader", "head", "headteacher", "governor", "coordinator", "officer", "mentor",
        "manager", "staff", "assistant", "worker", "counsellor", "senco", "adviser", "advisor", "director", "champion",
        "leads", "leaders", "heads", "headteachers", "governors", "coordinators", "officers", "mentors", "managers",
        "assistants", "workers", "tutor", "tutors", "ta", "tas", "colleague", "colleagues",
    }
)  # fmt: skip
"""Beside one of these a name is a colleague's."""
_FAMILY: Final = frozenset(
    {"parent", "parents", "carer", "carers", "guardian", "guardians", "mother", "father", "mum", "dad"}
)
_NOT_FAMILY: Final = frozenset(
    {"governor", "governors", "trust", "company", "organisation", "group", "charity", "body"}
)
_MARKS: Final = frozenset({"pp", "sen", "send", "ehcp", "ehc", "fsm", "eal", "lac", "meals"})
"""What a list of a class says of one pupil, and a list of schools of all."""
_BESIDE_MARKS: Final = frozenset(
    {"free", "school", "plan", "support", "status", "by", "of", "or", "for", "eligible", "eligibility", "ever", "6"}
)
_ASKED: Final = frozenset(
    {"free", "plan", "support", "status", "of", "for", "eligible", "ever", "6", "in", "receipt", "receives", "on"}
) | frozenset({"has", "have", "is", "a", "an", "the", "register"})
"""With these and a question mark, a mark such as FSM is asked of one pupil."""

_IDENTIFIERS: Final = re.compile(
    r"""(?:former)?(?:upn|uln|dob|(?:date)?(?:of)?birth(?:date|day)?|unique(?:pupil|learner)(?:number|no|id)
    |(?:admission|candidate|nhs)(?:number|no))s?""",
    re.VERBOSE,
)
_SAID_OF_ONE: Final = frozenset(
    {
        "sen", "send", "ehcp", "senstatus", "sendstatus", "senstage", "senneed", "senneeds", "sendneed", "sendneeds",
        "senregister", "ehcpstatus", "ethnicity", "firstlanguage", "homelanguage", "countryofbirth", "nationality",
        "medicalneeds", "medicalconditions", "allergies", "lookedafter", "nextofkin",
    }
)  # fmt: skip
"""Headings that say something of one person in each row without a word for the person."""
_WITHOUT_SPACES: Final = re.compile(
    r"(?:names?of)?(?:pupil|child|children|student|learner|kid|yp|youngperson|youngpeople)s?"
    r"(?:full|first|last|fore|sur|family|given|legal)?(?:names?|ids?|no|number|ref|reference|code|initials|dob|upn|uln|age)"
)
_WITHIN: Final = re.compile(r"\b(?:upns?|dob|date of birth|unique pupil number)\b")

_OTHER_THINGS: Final = re.compile(
    r"""\b(?:per\ (?:pupil|child|student|learner)|pupil\ referral\ units?|pupil\ teacher|student\ teachers?
    |(?:pupil|student|child|children(?:'s)?|learner)\ (?:voice|council|parliament|union|protection|care|centres?
    |services|clubs?)
    |(?:school|cluster)\ names?|names?\ of\ (?:the\ |each\ )?(?:schools?|clusters?))\b""",
    re.VERBOSE,
)
"""Phrases with a word for pupils that are about none, and names that are a school's."""
_ONE_PUPIL: Final = re.compile(
    r"""(?:(?:the|an?|each|every|one|single|individual|target|focus|years?|yr|class|reception|nursery|disadvantaged
    |vulnerable|looked|after|more|able|or|and|[yr]?\d{1,2}|ks\d|pp|sen|send|ehcp|ehc|fsm|eal|lac
    |participant|attendee|person|member|representative|rep|pupil|child|student|learner|boy|girl)\ )*
    (?:pupil|child|student|learner|boy|girl)
    (?:\ (?:[a-z]|\d{1,3}|participant|attendee|person|member|representative|rep))?""",
    re.VERBOSE,
)
"""One pupil and nothing else: "Year 6 pupil", "each child", "pupil/child", "pupil 1", "participant (pupil)"."""
_OWN_NUMBER: Final = re.compile(
    r"\b(?:pupil|child|student|learner)(?:'s)? (?:number|no|ref|reference|code|age)\b(?! range)"
)
_OWN: Final = re.compile(r"\b(?:pupil|child|student|learner|boy|girl)'s (\w+)")
_NAME_BESIDE: Final = re.compile(
    r"\b(?:pupils?|child|childs|children|childrens|students?|learners?)(?:'s)? (?:(?:full|first|last|family|legal) )?"
    r"(?:names?|forenames?|surnames?|initials|ids?)\b"
    r"|\b(?:names?|forenames?|surnames?|initials) of (?:the |each |every |all )?(?:pupils?|child|children|students?)\b"
)
_YEAR: Final = r"(?:(?:years?|yrs?|y|ks|key stage) ?\d{1,2}(?: (?:(?:and|or|to) )?[yr]?\d{1,2})*|reception)"
_NAMES_OF_A_YEAR: Final = re.compile(
    rf"\b{_YEAR} (?:(?:full|first|last|family|legal) )?(?:names?|forenames?|surnames?|initials)\b"
    rf"|\b(?:names|forenames|surnames|initials) (?:(?:of|in|from) )?(?:the |all |our )?{_YEAR}\b"
)
_OTHERS_OF_A_YEAR: Final = frozenset(
    {
        "school", "schools", "class", "classes", "club", "clubs", "group", "groups", "project", "projects", "topic",
        "topics", "unit", "units", "book", "books", "event", "events", "workshop", "workshops", "meeting", "meetings",
    }
)  # fmt: skip
"""What a year group has and names beside its pupils and staff."""
_SAID_ABOUT_ONE: Final = re.compile(
    r"\b(?:pupil|child|student|learner|boy|girl) (?:comments?|remarks?|notes?|quotes?|quotations?|observations?"
    r"|concerns?)\b|\b(?:comments?|remarks?|notes?|quotes?|quotations?|observations?|concerns?)"
    r" (?:of|on|about|from|by|for) (?:(?:the|an?|each|every) )?(?:pupil|child|student|learner|boy|girl)\b"
)
_OTHER_WORDS: Final = (
    (re.compile(r"\byoung person\b|\b(?:kid|youngster)\b|\byp\b(?=(?:'s)? \w)"), "child"),
    (re.compile(r"\byoung people\b|\b(?:kids|youngsters|yps?)\b"), "children"),
)
"""Other words for pupils. "YP" alone may be how many."""
_ENDS_AS_A_SCHOOL: Final = re.compile(r"\b(?:school|academy|college|primary|infants?|juniors?|nursery|federation)$")
_BEFORE_SCHOOL: Final = frozenset(
    {"school", "previous", "current", "new", "next", "old", "former", "home", "primary", "secondary", "feeder"}
)
"""A "child's next school" is one child's; "Child's Hill School" is a school."""


def refuse_pupils(table: Table, passed_over: Callable[[str], bool], warn: Callable[[Problem], None]) -> None:
    """Refuse a table with a column about single pupils. One that the mapping passes over is said so: it is not read."""
    titles = [title for title in map(show, table.headings) if is_about_a_pupil(title)]
    refused = [_refusal(table, title) for title in titles if not passed_over(title)]
    if refused:
        raise Refused(*refused)
    for title in titles:
        sentence = f"the column “{title}” is about single pupils; it was passed over, and nothing of it is stored"
        warn(Problem(sentence, table.header_row, title))


def is_about_a_pupil(heading: str) -> bool:
    """Whether a column of this heading would tell something of one pupil in each row."""
    heading = unicodedata.normalize("NFKC", heading)
    together = re.sub(r"[^a-z0-9]", "", heading.casefold())
    if _IDENTIFIERS.fullmatch(together) or together in _SAID_OF_ONE or _WITHOUT_SPACES.fullmatch(together):
        return True
    text = " ".join(_words(heading))
    if _WITHIN.search(text):
        return True
    for other, word in _OTHER_WORDS:
        text = other.sub(word, text)
    text = " ".join(_OTHER_THINGS.sub(" ", text.replace("pupil premium", "pp")).split())
    said = frozenset(text.replace("'s", "").split())
    return (
        _is_of_one(text)
        or _tells_who(text, said)
        or _is_of_a_family(said)
        or _marks_one_out(said)
        or (heading.rstrip().endswith("?") and _is_asked_of_one(said))
    )


def _refusal(table: Table, title: str) -> Problem:
    return Problem(
        f"the column “{title}” is about single pupils, and no data of pupils is kept here; take the column out: "
        "nothing about single pupils is stored (how many there are may stand under “number of pupils”)",
        row=table.header_row,
        column=title,
    )


def _words(heading: str) -> Sequence[str]:
    """The words in small letters, those of "PupilName" apart; an apostrophe that says "of one" stays."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", heading.replace("’", "'"))
    return re.findall(r"[a-z0-9]+(?:'s\b)?", apart.casefold().replace("e-mail", "email").replace("%", " percent "))


def _is_of_one(text: str) -> bool:
    """Whether it is one pupil, the number of one, what is said of one, or something that belongs to one."""
    if _ONE_PUPIL.fullmatch(text):
        return True
    if _SAID_ABOUT_ONE.search(text) and not _COUNTING & set(text.split()):
        return True
    number = _OWN_NUMBER.search(text)
    if number is not None and not _COUNTING & set(text[: number.start()].split()):
        return True
    own = _OWN.search(text)
    return own is not None and (own[1] in _BEFORE_SCHOOL or not _ENDS_AS_A_SCHOOL.search(text))


def _tells_who(text: str, said: Collection[str]) -> bool:
    if _NAME_BESIDE.search(text):
        return True
    words = set(said)
    if words & _STAFF:
        return False
    if _NAMES_OF_A_YEAR.search(text) and not words & _OTHERS_OF_A_YEAR:
        return True
    told_of_one = words & _ONE and words & _TRAITS and not words & _COUNTING
    return bool((words & _ONE_OR_MORE and words & _TELLING) or told_of_one)


def _is_of_a_family(said: frozenset[str]) -> bool:
    return bool(said & _FAMILY and said & (_TELLING | {"contact", "contacts"})) and not said & _NOT_FAMILY


def _marks_one_out(said: frozenset[str]) -> bool:
    """Whether a mark such as SEN is followed by names, or by the yes or no that only one pupil can have."""
    if not said & _MARKS:
        return False
    rest = said - _MARKS - _BESIDE_MARKS
    return rest in ({"y", "n"}, {"yes", "no"}, {"name"}, {"names"}, {"named"})


def _is_asked_of_one(said: frozenset[str]) -> bool:
    """Whether a mark such as FSM is asked for with a question mark, which only one pupil can answer."""
    meals = {"school"} if "meals" in said else set()
    return bool(said & _MARKS) and said <= _MARKS | _ASKED | meals
