"""The words generated data is made of. The places are invented; none of the schools exists."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dashboard.vocabulary import Phase, Rating


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STEMS: Final = _words("""
    Ambrel Birkel Corven Dunsel Elmar Farrin Garvel Hasken Ilver Jessam Kelver Lorran Merrin Nethel Orrin Pellan
    Quillen Rosken Sarrow Tamsel Ulver Varrin Wendel Yarrin Zennel Brenna Calven Dorran Evensel Fenrel Gorsel
    Hollin Ivelsh Karrow Lindrel Mossel Norvel Ossen Perrel Ravensel
""")
ENDINGS: Final = _words("""
    brook combe dene field ford gate ham hurst ley low marsh mead mere minster mouth pool rigg stead stoke stow
    thorpe ton wick wold worth
""")
DIRECTIONS: Final = ("", "North ", "South ", "East ", "West ", "Upper ", "Lower ")
QUARTERS: Final = (" Park", " Green", " Hill", " Lane", " Vale", " Bridge", " Cross", " Common", " Mill", " End")

_AREAS: Final = _words("""
    Averlshire Brackmere Cordale Denmarsh Eskerby Fallowshire Greyholm Harrowmead Inglestow Jorvale Kestershire
    Larkholm Midmarsh Northwold Oxenvale Pelshire Quarrendale Rushmere Silverdene Thornshire Undermere
    Vellandshire Westerholm Yewdale Ashenshire Bellmarsh Cressdale Dovermead Elderwold Foxenshire
""")
LOCAL_AUTHORITIES: Final = tuple(
    f"{name} {('County', 'Borough', 'District')[number % 3]}" for number, name in enumerate(_AREAS)
)

PHASES: Final = (
    (Phase.PRIMARY, 62, ("Primary School", "Community Primary School", "Church of England Primary School")),
    (Phase.INFANT, 8, ("Infant School", "Infant and Nursery School")),
    (Phase.JUNIOR, 8, ("Junior School",)),
    (Phase.SECONDARY, 11, ("School", "Academy", "High School")),
    (Phase.SPECIAL, 4, ("Special School",)),
    (Phase.NURSERY, 3, ("Nursery School",)),
    (Phase.MIDDLE, 2, ("Middle School",)),
    (Phase.ALL_THROUGH, 2, ("All-through School",)),
)
"""A phase, how many in a hundred schools have it, and how such schools are called."""

PUPILS: Final = {
    Phase.NURSERY: (40, 120),
    Phase.SPECIAL: (50, 180),
    Phase.MIDDLE: (300, 600),
    Phase.SECONDARY: (600, 1500),
    Phase.ALL_THROUGH: (700, 1700),
}
PUPILS_OTHERWISE: Final = (60, 480)

FOCUSES: Final = ("science", "mathematics", "reading", "writing", "the arts", "music", "computing", "early years")
OWNERS: Final = ("Cluster lead", "Coordinator", "Subject leads", "Headteachers", "Lead school", "Steering group")
COVER_FIRMS: Final = ("Larkmere Cover", "Oakenholm Supply Teachers", "Silverdene Teaching Staff", "Fallow Lane Cover")
SUPPLIERS: Final = (
    "Brightmere Books",
    "Harrowmead Training",
    "Kestrel Lane Resources",
    "Wold Educational",
    "Tarn Print",
)

PURPOSES: Final = {
    "A1": "Supply cover for a half-day meeting",
    "A2": "Supply cover for work in pairs",
    "A3": "Cover for a visit to another school",
    "A4": "Cover for a mentor and a new member",
    "A5": "Training session for the group",
    "B1": "Resources found missing in the audit",
    "B2": "Resources for a development",
    "B3": "Project materials",
    "B4": "Shared themed boxes",
    "B5": "Designated responsibility",
    "B6": "Training provider for all schools",
    "B7": "Conference places",
    "C1": "Time to run the cluster",
    "C2": "Visits to subject leads",
    "C3": "Visit to a headteachers’ meeting",
}


class TargetWords(NamedTuple):
    """The words of one target of a plan; `{focus}` stands for the cluster's focus."""

    title: str
    aims: str
    criteria: tuple[str, ...]
    organisation: str
    personnel: str
    evaluation: str
    impact: str
    next_steps: str


TARGETS: Final = (
    TargetWords(
        "Agree what progress in {focus} looks like from the first year to the last",
        "Schools that share what works",
        (
            "One page of steps is agreed by all schools",
            "Work from two year groups has been compared",
            "Every school uses the steps in its planning",
        ),
        "Two half-day meetings, cover from Part A",
        "Cluster lead; subject leads of all schools",
        "Steps agreed in the autumn; first comparison of work in the spring",
        "Teachers describe the next step for a class in the same words",
        "Compare work from the remaining year groups",
    ),
    TargetWords(
        "Let every subject lead see {focus} taught in another school",
        "Confident subject leads in every school",
        (
            "Every subject lead has visited one other school",
            "Each visit ends with one thing to try",
            "What was tried is shared at a cluster meeting",
            "Subject leads report more confidence than in the autumn",
        ),
        "Half a day of cover for each school from Part A",
        "Coordinator arranges the pairs",
        "Notes of the visits are kept by the lead school",
        "Three schools changed how they start a unit of {focus}",
        "Second round of visits, in new pairs",
    ),
    TargetWords(
        "Build a shared collection of resources for {focus}",
        "Better teaching in every class",
        ("Each school adds three activities", "The collection holds twenty activities", "All schools have borrowed"),
        "Boxes and storage from Part B",
        "Lead school looks after the collection",
        "List of what was borrowed, by term",
        "Classes use equipment that no school could have bought alone",
        "Replace what is worn and add a box for the youngest",
    ),
    TargetWords(
        "Make the move from one school to the next smooth in {focus}",
        "Schools that share what works",
        ("Pairs of schools have planned one joint unit", "The unit is taught on both sides of the move"),
        "Two planning afternoons from Part A",
        "Teachers of the years before and after the move",
        "Joint unit ready in January",
        "Teachers no longer begin again with what was taught before",
        "Plan a second unit",
    ),
    TargetWords(
        "Support subject leads who are new to {focus}",
        "Confident subject leads in every school",
        (
            "Each new subject lead has a partner in another school",
            "Each new subject lead has led a staff meeting",
            "Partners have met three times",
        ),
        "Three half days of release from Part A",
        "Coordinator; partner subject leads",
        "Partners named in October",
        "New subject leads ask for help sooner",
        "Partners visit each other in the autumn",
    ),
    TargetWords(
        "Raise what pupils say about {focus} in their own words",
        "Pupils who ask their own questions",
        (
            "Every school has listened to a group of pupils",
            "Common threads are written down",
            "Each school has acted on one of them",
            "A second round shows a difference",
        ),
        "Time in two cluster meetings",
        "Subject leads listen in a school that is not their own",
        "Notes of the first round compared in the spring",
        "Pupils name what they found hard and what helped",
        "Repeat with other year groups",
    ),
    TargetWords(
        "Hold a day of {focus} that all schools prepare together",
        "Pupils who ask their own questions",
        (
            "All schools take part",
            "Pupils from different schools work in mixed groups",
            "Families come in the afternoon",
        ),
        "Materials and coaches from Part B",
        "Steering group; headteachers release staff",
        "Programme of the day; comments of staff and pupils",
        "Older pupils have taught younger ones",
        "Let another school be host next year",
    ),
    TargetWords(
        "Train all staff who teach {focus} with one provider",
        "Better teaching in every class",
        ("Two sessions are held", "Every school sends at least one teacher", "Follow-up visits have taken place"),
        "Provider paid from Part B, cover from Part A",
        "Coordinator books; subject leads follow up",
        "Sign-in sheets and the follow-up form",
        "Methods of the course are seen in lessons in most schools",
        "Let two teachers repeat the sessions for newcomers",
    ),
)

EVIDENCE: Final = (
    "Notes of the cluster meeting",
    "Samples of pupils’ work compared by two schools",
    "Short survey of subject leads",
    "Record of visits kept by the lead school",
    "Pupils’ comments collected by subject leads",
    "Planning of two schools side by side",
)
REVIEWS: Final = {
    Rating.ON_TRACK: "Work goes as agreed and every school takes part.",
    Rating.SOME_CONCERN: "Some schools have not begun; the coordinator asks them what would help.",
    Rating.OFF_TRACK: "Little has happened since the autumn; the next meeting begins with it.",
}
STATUS_REASONS: Final = ("Agreed at the steering group", "Seen by the coordinator on a visit")

PROGRAMMES: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("Primary Science Clusters", {"lead_phase": "primary", "meetings_minimum": "5", "release_half_days": "5"}),
    (
        "Joint Development Clusters",
        {"lead_phase": "secondary", "low_attendance_at_most": "1", "cluster_lead_allowance": "300.00"},
    ),
    ("Reading Partnership Clusters", {}),
    ("Local Learning Clusters", {}),
)
"""Four programmes; the first two set rules of their own."""
