"""The terms of the field and the keys, as the page of help tells them."""

from typing import Final

from dashboard.flags import SIGNS
from dashboard.vocabulary import Severity

GLOSSARY: Final = (
    ("Academic year", "From 1 September to 31 August, written 2016-17."),
    ("Allocation", "What a pot is given for a year."),
    ("Apologies", "The school said before the meeting that it could not come. It is expected all the same."),
    ("Brought forward", "What earlier years left over, or overdrew, where the programme lets money roll over."),
    ("Cluster", "A group of schools that work together on a programme, usually with one lead school."),
    ("Cluster lead", "The person who leads the work of the cluster; often a teacher of the lead school."),
    ("Committed", "Money that is approved or ordered and not paid yet."),
    ("Evidence", "What shows that a success criterion is met: something with a date that others can look at."),
    ("Impact", "What changed for children or schools. What was done is not yet impact."),
    ("Lead school", "The school that holds the money of the cluster and organises its meetings."),
    ("Left to spend", "Brought forward and allocated, less what is spent and committed."),
    ("Not recorded", "Nobody has marked it. It is never counted as absence, and never as nothing."),
    ("Open book", "What the schools of a cluster have agreed to show one another by name."),
    ("Part A, Part B", "What the money of a programme is given for: its parts are never added up across holders."),
    ("Register", "Who came to a meeting, school by school or person by person."),
    ("Release money", "What a school gets for sending a colleague to the work of the cluster, by the half day."),
    ("Roll-over", "Money that is not spent goes on into the next year, where the programme allows it."),
    ("Sabbatical", "A time in which a school takes no part by agreement. It is not expected at meetings."),
    ("Steering group", "Those who decide for the cluster; they meet once in each half term."),
    ("Substitute", "Somebody came in place of the usual colleague. The school was represented."),
    ("Success criterion", "What must be so for a target to count as achieved, in words that can be checked."),
    ("Target", "What a cluster has set itself to reach by a date, with its success criteria."),
)

KEYS: Final = (
    ("Tab, Shift + Tab", "to the next or the last link, button or field"),
    ("Enter", "follow a link, open “Table” or “What is this number?”, press a button"),
    ("Arrow keys", "between the choices of one question, and in the grid of all clusters"),
    ("Escape", "close the menu on a phone, or a window that has opened over the page"),
    ("Alt + ←", "back to the page before (on a Mac: ⌘ + ←)"),
    ("Ctrl + P", "print the page (on a Mac: ⌘ + P)"),
    ("?", "the list of keys; it can be turned off there"),
)

_MEANT: Final = {
    Severity.ACT: "Something does not keep to a rule of the programme, or is late.",
    Severity.LOOK: "Something may be so or may need a step: a person decides.",
    Severity.INFO: "Nobody has said yet; it is neither good nor bad.",
}
STATES: Final = tuple((*SIGNS[each], f"state-{each}", meaning) for each, meaning in _MEANT.items())
