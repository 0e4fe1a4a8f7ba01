"""What the illustrative files tell: who came to which meeting, how far each pot went, what each plan says.

Made up from beginning to end, to show how the dashboard works. The schools and clusters are real, these
figures and sentences are not. Content only; `make_illustrative.py` writes the files.
"""

from typing import NamedTuple

STONEHENGE = "Stonehenge Area Cluster"
PLAIN = "Salisbury Plain Cluster"
RURAL = "The East Salisbury Rural Cluster"
WEST = "The West Salisbury Cluster"
EAST = "The East Salisbury Cluster"

# One string per school in the order of schools.csv, one sign per meeting: P present, S substitute, A apologies,
# N absent, - not expected, a dot for a cell nobody filled in.
REGISTERS: dict[str, dict[str, tuple[str, ...]]] = {
    STONEHENGE: {
        "2015-16": ("PPPPP", "PPPPP", "PSPPP", "PPPPP", "PPAPP", "PPPPP"),
        "2016-17": ("PPPPP", "PPPPP", "PPPPP", "PPPAP", "PPPPP", "PPPPP"),
    },
    PLAIN: {
        "2015-16": ("PPPPP", "PP.PP", "PAPPP", "PPPPP", "PPP.P", "PPPNP"),
        "2016-17": ("PPPPP", "PPPP.", "PPAPP", "P.PPP", "PPPPP", "APPPP"),
    },
    RURAL: {
        "2015-16": ("PPPPP", "PPAPP", "PAPAP", "PPPPP", "PPPSP", "PPPPP", "PPPPN"),
        "2016-17": ("PPPPP", "PPPPP", "APAPA", "PPPPP", "PSPPP", "PPPPA", "PPPPP"),
    },
    WEST: {
        "2015-16": ("PPPPP", "PPAPP", "PAPNP", "PAPPS", "PPPPP", "APPPP", "PPPAP", "PPPPP"),
        "2016-17": ("PPPP", "PPAN", "PAAN", "PAPP", "PPPP", "PNPP", "APPP", "PPPP"),
    },
    EAST: {
        "2015-16": ("--PPP", "PPPPP", "PPPPP", "PPSPP", "PPPPP", "PPPPP", "PAPPP", "PPPPP", "PPPPP", "PPPPP"),
        "2016-17": ("PPPPP", "PPPPP", "PPPPP", "PPPPP", "PPAPP", "PPPPP", "PPPPP", "PPPPS", "PPPPP", "PAPPP"),
    },
}

TRAINING = (WEST, "2016-17", 2)
"""Cluster, year and number of the meeting (from 0) that was a training day, not a meeting of the cluster."""
AFTER_SCHOOL = (WEST, "2016-17", (1,))
"""The meetings of this register that were after school; the others were in school time."""
SOMEBODY_ELSE_EACH_TIME = ("Larkhill Primary School", "2016-17")
"""This school sends another colleague to each meeting."""

LEAMINGTON = "Leamington (North) Cluster"
STEERING_GROUP: dict[str, str] = {
    "2009-09-16": "PPPPPPPPPPP",
    "2009-11-11": "PPPAPPPPPPP",
    "2010-03-10": "PPPPPAPPPPP",
    "2010-06-16": "PPPPPPPPPPS",
}
"""The steering group of Leamington by day, one sign per school: in two half terms it did not meet."""

EXETER_HOUSE = "Exeter House School"
WISHFORD = "Great Wishford Church of England (V.A.) Primary School"
BROAD_CHALKE = "Broad Chalke C of E Aided Primary School"
DINTON = "Dinton Church of England Voluntary Controlled Primary School"
HOLDS_THE_MARK = "Pitton C of E VA Primary School"
PEMBROKE = "Pembroke Park Primary School and Kingfisher Nursery"
BEFORE, AFTER = "Science lead A (illustrative)", "Science lead B (illustrative)"

# What happened to schools and their science leads. No event changes who was expected at a meeting: the one school that
# was away is marked so in its register, the other goes after the last meeting of the year.
EVENTS: tuple[dict[str, str], ...] = (
    {"cluster": EAST, "school": EXETER_HOUSE, "event": "sabbatical", "date": "2015-09-01", "until": "2015-12-31",
     "review": "2015-12-10", "reviewed": "2015-12-10"},
    {"cluster": WEST, "school": WISHFORD, "event": "sabbatical", "date": "2017-07-17", "review": "2017-09-29"},
    {"cluster": WEST, "school": BROAD_CHALKE, "person": BEFORE, "event": "handover", "date": "2016-11-01",
     "until": "2016-11-30", "replaced_by": AFTER},
    {"cluster": WEST, "school": BROAD_CHALKE, "person": AFTER, "event": "inducted", "date": "2016-12-05"},
    {"cluster": WEST, "school": DINTON, "person": BEFORE, "event": "handover", "date": "2017-01-04",
     "until": "2016-12-16", "replaced_by": AFTER},
    {"cluster": WEST, "school": PEMBROKE, "person": BEFORE, "event": "handover", "date": "2017-02-20",
     "until": "2017-03-31", "replaced_by": AFTER},
    {"cluster": WEST, "school": PEMBROKE, "person": AFTER, "event": "inducted", "date": "2017-03-13"},
)  # fmt: skip

QUALITY_MARKS = {HOLDS_THE_MARK: "2013-06-28"}
"""Since when a school is told to hold the quality mark."""

# How much of its joint pot a cluster spends in a year: parts A, B and coordinator.
SHARES_SPENT: dict[str, dict[str, tuple[str, str, str]]] = {
    STONEHENGE: {"2015-16": ("0.35", "0.90", "0.90"), "2016-17": ("0.40", "0.95", "0.90")},
    PLAIN: {"2015-16": ("0.85", "0.98", "1.00"), "2016-17": ("0.95", "1.08", "0.90")},
    RURAL: {"2015-16": ("0.90", "0.85", "0.80"), "2016-17": ("0.85", "0.90", "0.90")},
    WEST: {"2015-16": ("0.80", "0.90", "1.00"), "2016-17": ("0.70", "0.80", "0.90")},
    EAST: {"2015-16": ("0.95", "0.90", "0.90"), "2016-17": ("0.90", "0.95", "0.95")},
}

# These schools cover their teacher from within and claim nothing for it.
WITHOUT_CLAIMS = frozenset(
    {
        "Newton Tony C of E Primary School",
        "Woodford Valley CE Primary Academy",
        "Figheldean St Michael's C of E Primary School",
        "Netheravon All Saints CE Primary School",
        "Gomeldon Primary School",
        "Old Sarum Primary School",
        "Winterslow C of E Primary School",
        "Broad Chalke C of E Aided Primary School",
        "Pembroke Park Primary School and Kingfisher Nursery",
        "Wilton and Barford Church of England Primary School",
        "Harnham Infant School",
        "St Osmund's Catholic Primary School",
        "Stratford-sub-Castle Church of England Primary School",
        "Wyndham Park Infants' School",
    }
)

DEAR_COVER = ("Manor Fields Primary School", "2016-17", 2)
"""School, year and number of the meeting (from 0) whose cover cost 110.00, above the 100.00 of a half day."""

DEAR_SESSION = (EAST, "2016-17", 1)
"""Cluster, year and number of the session (from 0) whose provider asked 520.00, above the 400.00 of a session."""

# What else the ledgers hold, so that each rule of money has a line that does not keep it. Most of it could have been
# paid otherwise; none of it is the clusters'.
OTHER_LINES: dict[str, tuple[dict[str, str], ...]] = {
    PLAIN: (
        {"date": "2017-06-20", "pot": "lead_held", "part": "lead_allowance", "supplier": "Lead school (illustrative)",
         "description": "Cluster lead's time, one more half day", "amount": "40.00"},
        {"date": "2017-03-15", "pot": "lead_held", "part": "A", "supplier": "Coach company (illustrative)",
         "description": "Coach to the science museum, nobody asked first", "amount": "140.00", "purpose": "travel"},
    ),
    RURAL: (
        {"date": "2016-06-22", "pot": "lead_held", "part": "levy", "supplier": "Village hall (illustrative)",
         "description": "Hall for the science day of the cluster", "amount": "210.00"},
        {"date": "2017-02-08", "pot": "lead_held", "part": "coordinator", "use_code": "C1",
         "supplier": "Lead school (illustrative)", "description": "Two more days of organising the science day",
         "amount": "90.00", "purpose": "extra_time"},
        {"date": "2017-03-01", "pot": "lead_held", "part": "A", "supplier": "Quality mark office (illustrative)",
         "description": "Renewal of the quality mark", "amount": "150.00", "school": HOLDS_THE_MARK,
         "purpose": "quality_mark"},
        {"date": "2017-03-02", "pot": "lead_held", "part": "release", "supplier": "Supply agency (illustrative)",
         "description": "Half a day of supply cover, paid by the lead school", "amount": "95.00",
         "school": HOLDS_THE_MARK},
    ),
    WEST: (
        *(
            {"date": day, "pot": "lead_held", "part": "A", "supplier": "Quality mark office (illustrative)",
             "description": "First way to the quality mark", "amount": "150.00", "school": school,
             "purpose": "quality_mark"}
            for day, school in (("2016-10-05", DINTON), ("2016-11-16", WISHFORD), ("2017-02-01", BROAD_CHALKE))
        ),
        {"date": "2017-01-25", "pot": "lead_held", "part": "B", "use_code": "A3",
         "supplier": "Member school (illustrative)", "description": "Release for a visit, taken from Part B",
         "amount": "95.00"},
    ),
    EAST: (
        {"date": "2017-07-05", "pot": "school_held", "part": "release", "supplier": "Supply agency (illustrative)",
         "description": "Half a day of supply cover to visit another school", "amount": "90.00",
         "school": "Greentrees Primary School"},
    ),
}  # fmt: skip
PLACES = 2
"""How many schools of a cluster may have their way to the quality mark paid; the guidance gives no number (4.8)."""
LEVY = (RURAL, "2015-16", "350.00")
"""Each of the seven schools paid 50.00 into the joint pot for a science day; what was left was forgotten."""

USES: dict[str, tuple[str, str]] = {
    "A1": ("Supply agency (illustrative)", "Supply cover for a whole-day cluster meeting"),
    "A2": ("Supply agency (illustrative)", "Supply cover for a project group of the cluster"),
    "A3": ("Member school (illustrative)", "Release for a visit to another cluster school"),
    "A4": ("Supply agency (illustrative)", "Release for a new science lead to meet the coordinator"),
    "A5": ("Member school (illustrative)", "Release to prepare training for the cluster"),
    "B1": ("Educational resources supplier (illustrative)", "Practical equipment that the school audits asked for"),
    "B2": ("Educational resources supplier (illustrative)", "Data loggers for the enquiry work of the cluster"),
    "B3": ("Garden centre (illustrative)", "Planters, seeds and soil for the growing project"),
    "B4": ("Educational resources supplier (illustrative)", "Themed boxes for the schools to share"),
    "B5": ("Member school (illustrative)", "Organising the cluster's science fair"),
    "B6": ("Science training provider (illustrative)", "Training session for the science leads"),
    "B7": ("Conference organiser (illustrative)", "Conference place for a teacher sent on behalf of the cluster"),
    "C1": ("Lead school (illustrative)", "Coordinator time: running the cluster"),
    "C2": ("Lead school (illustrative)", "Coordinator time: meeting single science leads"),
    "C3": ("Lead school (illustrative)", "Coordinator time: visiting a school of the cluster"),
}


class Target(NamedTuple):
    """One target of a plan: the eight cells, then what the plan says beside them."""

    target: str
    aims: tuple[str, ...]
    criteria: tuple[str, ...]
    organisation: tuple[str, ...]
    personnel: tuple[str, ...]
    evaluation: tuple[str, ...]
    impact: tuple[str, ...]
    next_steps: tuple[str, ...]
    code: str
    due: str
    owner: str
    status: str = ""


TEACHING = "Better science teaching in every class"
LEADERS = "Confident science leads in every school"
CHILDREN = "Children who ask their own questions in science"
SHARING = "Schools that share what works"
BEYOND = "Science that reaches families and the neighbourhood"

PLANS: dict[str, tuple[Target, ...]] = {
    STONEHENGE: (
        Target(
            target="Make working scientifically part of every science unit",
            aims=(TEACHING, CHILDREN),
            criteria=(
                "All six schools teach at least one full enquiry each half term (met)",
                "Every science lead has seen an enquiry lesson in another school (met)",
                "Children in Years 2 and 6 can explain how they changed one thing and kept the rest the same",
            ),
            organisation=("Five half-day meetings", "Two afternoons of paired visits from Part A"),
            personnel=("Cluster lead to plan", "Science leads to visit in pairs"),
            evaluation=(
                "Enquiry planners collected from six schools in December and May",
                "Visit notes from six paired visits",
            ),
            impact=("Teachers say children now plan their own enquiries instead of following steps",),
            next_steps=("Follow the same children into Years 3 and 7",),
            code="ENQUIRY-SEPT16",
            due="2017-07-14",
            owner="Cluster lead",
        ),
        Target(
            target="Share science equipment between the six schools",
            aims=(SHARING,),
            criteria=(
                "Six themed boxes are made up and listed (met)",
                "Each box is borrowed at least twice in the year (not met)",
            ),
            organisation=("Boxes bought from Part B", "Swap at each cluster meeting"),
            personnel=("Science lead of the school that stores the boxes",),
            evaluation=("Box list sent out in November", "Loan sheet shows seven loans by June"),
            impact=(),
            next_steps=("Put the loan sheet where all schools can see it",),
            code="BOXES-SEPT16",
            due="2017-06-30",
            owner="Resources lead",
        ),
        Target(
            target="Hold a joint space day for Year 5",
            aims=(CHILDREN, BEYOND),
            criteria=("All Year 5 classes take part", "At least one activity is led by children"),
            organisation=("One day in the summer term", "Transport paid by each school"),
            personnel=("Year 5 teachers", "Cluster lead to book the hall"),
            evaluation=(),
            impact=(),
            next_steps=(),
            code="SPACE-SEPT16",
            due="2017-07-07",
            owner="Year 5 lead",
            status="not_started",
        ),
    ),
    PLAIN: (
        Target(
            target="Agree what progress in science looks like from Reception to Year 6",
            aims=(TEACHING, SHARING),
            criteria=(
                "One page of steps for each strand is agreed by all schools (met)",
                "Work from two year groups has been moderated together (met)",
            ),
            organisation=("Two moderation meetings", "Supply cover from Part A"),
            personnel=("Cluster lead", "Infant and junior science leads"),
            evaluation=("Steps agreed in February", "Moderation held in March with work from Years 2 and 4"),
            impact=("Junior teachers start from what the infant schools have taught",),
            next_steps=("Moderate Years 3 and 5",),
            code="PROGRESS-SEPT16",
            due="2017-06-16",
            owner="Cluster lead",
        ),
        Target(
            target="Use the school grounds for science in every season",
            aims=(CHILDREN, TEACHING),
            criteria=(
                "Each class has four outdoor lessons in the year",
                "Every school has a growing area (met)",
                "Staff feel more confident outdoors than in September",
            ),
            organisation=("One training session", "Planters and tools from Part B"),
            personnel=("Outdoor learning lead",),
            evaluation=("Photographs of the growing areas at all six schools",),
            impact=("Children talk about changes in the grounds without being asked",),
            next_steps=("Ask staff again about their confidence", "Plan a seed swap for the autumn"),
            code="OUTDOOR-SEPT16",
            due="2017-07-14",
            owner="Outdoor learning lead",
        ),
        Target(
            target="Bring families into the science work of the schools",
            aims=(BEYOND,),
            criteria=(),
            organisation=("One evening in the summer term",),
            personnel=("Science leads of two schools",),
            evaluation=(),
            impact=(),
            next_steps=(),
            code="FAMILIES-SEPT16",
            due="2017-07-14",
            owner="Cluster lead",
        ),
    ),
    RURAL: (
        Target(
            target="Support science leads who are new to the role",
            aims=(LEADERS,),
            criteria=(
                "Each new science lead has a partner in another school (met)",
                "Each new science lead has led one staff meeting",
            ),
            organisation=("Three half days of release from Part A",),
            personnel=("Coordinator", "Partner science leads"),
            evaluation=("Partners named in October", "First meetings held before the winter break"),
            impact=(),
            next_steps=("Partners visit each other in the autumn",),
            code="NEWLEADS-SEPT16",
            due="2017-03-31",
            owner="Coordinator",
        ),
        Target(
            target="Bring reading into science lessons",
            aims=(TEACHING,),
            criteria=(
                "A list of books for each topic is ready (met)",
                "Seven schools have tried two of the books in lessons (met)",
                "Children use more of the words of the topic in their writing (met)",
            ),
            organisation=("Book sets from Part B", "Half an hour at each meeting to report"),
            personnel=("Science leads with English leads",),
            evaluation=(
                "Book list finished in November",
                "Notes from all seven schools in March",
                "Samples of writing compared, autumn and summer",
            ),
            impact=("Children explain what they found in fuller sentences", "Quieter children join in more"),
            next_steps=("Share the list with the other clusters",),
            code="READING-SEPT16",
            due="2017-06-30",
            owner="English and science leads",
        ),
        Target(
            target="Run a science evening for families in each village",
            aims=(BEYOND,),
            criteria=("Four evenings are held", "At least half of the families at each school come"),
            organisation=("Kits from the shared boxes", "Refreshments paid by each school"),
            personnel=("Each school's science lead",),
            evaluation=("Two evenings held in the spring term",),
            impact=(),
            next_steps=("Hold the other two in the summer term",),
            code="FAMILIES-SEPT16",
            due="2017-07-14",
            owner="Science leads",
            status="in_progress",
        ),
    ),
    WEST: (
        Target(
            target="Make a bank of short activities that start children talking about science",
            aims=(CHILDREN, SHARING),
            criteria=(
                "Each school adds three activities",
                "The bank holds twenty activities by spring (met)",
                "Teachers in every school have used five of them",
            ),
            organisation=("Part of each cluster meeting",),
            personnel=("Cluster lead to collect",),
            evaluation=("Twenty-two activities collected from five schools by March",),
            impact=("Classes that use the activities ask more questions of their own",),
            next_steps=("Ask the three schools that have not added any",),
            code="TALK-SEPT16",
            due="2017-07-07",
            owner="Cluster lead",
        ),
        Target(
            target="Visit one another's science lessons",
            aims=(TEACHING, LEADERS),
            criteria=("Each school has hosted one visit", "Each science lead has made one visit"),
            organisation=("Release from Part A for eight half days",),
            personnel=("Coordinator to draw up the visits",),
            evaluation=(),
            impact=(),
            next_steps=(),
            code="VISITS-SEPT16",
            due="2017-03-31",
            owner="Coordinator",
        ),
        Target(
            target="Link the nurseries and Reception classes in early science",
            aims=(SHARING,),
            criteria=("Both nurseries have met the Reception teachers (met)",),
            organisation=("One half-day meeting",),
            personnel=("Early years leads",),
            evaluation=("Meeting held in February, with notes sent round",),
            impact=("Reception topics now build on what children did in nursery",),
            next_steps=("Meet again before the next intake",),
            code="EARLYYEARS-SEPT16",
            due="2017-05-26",
            owner="Early years leads",
        ),
        Target(
            target="Hold a science fair for Years 4 and 5",
            aims=(CHILDREN, BEYOND),
            criteria=(
                "Six of the eight schools bring a stand (not met)",
                "Children explain their stand to visitors (met)",
            ),
            organisation=("Hall of a member school", "Designated funds for the organiser from Part B"),
            personnel=("Fair organiser",),
            evaluation=("Fair held in June with stands from five schools", "Visitors' comments collected"),
            impact=("Children were proud to answer questions about their own enquiry",),
            next_steps=("Set the date before the winter break", "Offer help with transport"),
            code="FAIR-SEPT16",
            due="2017-06-23",
            owner="Fair organiser",
        ),
    ),
    EAST: (
        Target(
            target="Make the move from infant to junior school smooth in science",
            aims=(SHARING, TEACHING),
            criteria=(
                "Infant and junior pairs have planned one joint unit (met)",
                "The unit has been taught in Years 2 and 3 (met)",
            ),
            organisation=("Two planning afternoons from Part A",),
            personnel=("Year 2 and Year 3 teachers", "Science leads of the pairs"),
            evaluation=("Joint unit on plants ready in January", "Unit taught in the spring and summer terms"),
            impact=("Year 3 teachers spend less time on what children know already",),
            next_steps=("Write a second unit, on materials",),
            code="TRANSITION-SEPT16",
            due="2017-07-14",
            owner="Science leads of the pairs",
            status="achieved",
        ),
        Target(
            target="Make practical science open to every child",
            aims=(CHILDREN, TEACHING),
            criteria=(
                "Staff of the special school have led a session for the cluster (met)",
                "Each school has adapted one practical unit",
                "Every school has a set of symbols and word mats (met)",
            ),
            organisation=("One training session", "Printing paid from Part B"),
            personnel=("Science lead of the special school", "Inclusion leads"),
            evaluation=("Session held in November", "Symbol sets handed out in January"),
            impact=("Children with additional needs take a full part in the practical work of the units tried",),
            next_steps=("Collect the adapted units in one folder",),
            code="INCLUSION-SEPT16",
            due="2017-06-30",
            owner="Inclusion leads",
        ),
        Target(
            target="Invite scientists and engineers from the neighbourhood",
            aims=(BEYOND, CHILDREN),
            criteria=("Each school has had one visitor", "Children can name three jobs that use science"),
            organisation=("Visits cost nothing", "Letters sent by the lead school"),
            personnel=("Cluster lead",),
            evaluation=("Six schools have had a visitor",),
            impact=(),
            next_steps=("Find visitors for the other four schools",),
            code="VISITORS-SEPT16",
            due="2017-07-14",
            owner="Cluster lead",
        ),
    ),
}


# Who is in the workgroup in 2016-17: school, name, work address, roles, year groups, from, to, whom they replace.
# Nobody is called so: the names are those of trees, the addresses lead nowhere.
WORKGROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    STONEHENGE: (
        (
            "Amesbury Archer Primary School",
            "Ann Alder",
            "ann.alder@example.org",
            "Co-ordinator; Subject lead",
            "5, 6",
            "",
            "",
            "",
        ),
        (
            "Amesbury C of E Primary School",
            "Bea Birch",
            "bea.birch@example.org",
            "Subject lead",
            "3, 4",
            "",
            "2017-03-31",
            "",
        ),
        (
            "Amesbury C of E Primary School",
            "Cal Cedar",
            "cal.cedar@example.org",
            "Subject lead",
            "4",
            "2017-03-01",
            "",
            "Bea Birch",
        ),
        (
            "Christ The King Catholic School",
            "Dot Damson",
            "dot.damson@example.org",
            "Subject lead; Year 6 teacher",
            "6",
            "",
            "",
            "",
        ),
        (
            "Newton Tony C of E Primary School",
            "Eve Elm",
            "eve.elm@example.org",
            "Headteacher; Subject lead",
            "",
            "",
            "",
            "",
        ),
        (
            "Shrewton CE VC Primary School",
            "Flo Fig",
            "flo.fig@example.org",
            "Subject lead",
            "1, 2",
            "",
            "",
            "",
        ),
    ),
}
