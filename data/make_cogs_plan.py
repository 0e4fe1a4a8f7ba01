"""Writes `cogs-plan.docx`: the COGS Cluster Development Plan of March 2020, retold.

Targets, figures, dates and the shape of every cell are those of the document; the sentences are new,
and people are given by their role. Run as `python data/make_cogs_plan.py`; a second run writes the same bytes.
"""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Plan
from docx.enum.section import WD_ORIENT
from docx.shared import Pt
from docx.table import _Cell

OUT = Path(__file__).parent / "cogs-plan.docx"
WRITTEN = datetime(2020, 3, 13)
"""The date in the title of the document."""

HEADINGS = (
    "Target",
    "Links to Aims",
    "Success Criteria",
    "Organisation/Expenditure",
    "Monitoring/Personnel",
    "Evaluation/Evidence",
    "Impact",
    "Next Steps/Future Targets",
)

# One tuple per target, one entry per heading, one string per paragraph. "* " starts a bullet; a lone "*" is
# the empty bullet the document has there.
TARGETS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("* PRIMARYARTS-SEPT19", "Set up an arts project for Key Stage 1"),
        (
            "* Offer children more than one school could alone, by working closely together.",
            "* Make the move between schools smoother through shared work across the cluster.",
        ),
        (
            "* Families and visitors to the exhibition see and value how closely the COGS schools work.",
            (
                "* Key Stage 1 artwork hangs next to work by older pupils of Anthony Gell School, showing the path "
                "from Early Years to Key Stage 3 and beyond. (met)"
            ),
            "* Every school is left with an image of the joint artwork to put up in its own building. (met)",
        ),
        (
            (
                "* Each COGS school has agreed to put in £50 towards materials, the display and a poster for every "
                "school to hang up afterwards."
            ),
        ),
        ("* Arts lead and headteacher sponsor to lead",),
        (
            "* Every cluster school with a Key Stage 1 made a piece of art on one shared theme, water lilies.",
            "* The artwork was on show at Anthony Gell School by the weekend of the Wirksworth Festival.",
            (
                "* The finished display was photographed, made into a montage, and a print went to each cluster "
                "school to hang up."
            ),
            "* Visitors said many kind things about the display.",
        ),
        (
            "* The project went very well and showed what the schools can do together.",
            "* The gifts of the cluster's youngest children were noticed.",
        ),
        (
            "* Hold something similar in September 2020, on the weekend of the Wirksworth Arts Festival.",
            "* Open it to Key Stage 2 as well as Key Stage 1 children of all the schools.",
        ),
    ),
    (
        (
            "* PARLIAMENT-SEPT19",
            "* Bring the children into the work of the cluster.",
            "* Let children be heard in every school.",
            "* Help our children put their thoughts into words with confidence.",
            "* Give children of small schools a chance to be part of a bigger group.",
        ),
        (
            "* Offer children more than one school could alone, by working closely together.",
            "* Make the move between schools smoother through shared work across the cluster.",
        ),
        (
            "* Two meetings and one cluster event have taken place.",
            "* Money has been raised for the charity the schools share. (met)",
            "* The children have planned a cluster event in which every school can take part. (Summer term)",
        ),
        (
            "* Two afternoons of planning, one about the charity and one about the event.",
            "* A supporting adult helps to run the meetings and build up the events.",
            "* Transport to the event, where it is needed.",
            "* Food and drink for children and staff at the meetings and the event.",
        ),
        ("* Two parliament leads: set up meetings, places and staff, and settle the rest with headteachers.",),
        (
            "* Nearly all COGS schools took part in the planning sessions.",
            "* Children from different schools got on well with each other.",
            "* Students of Anthony Gell School were a great help to the younger ones.",
            "* The rounders event at the end of the year was the children's own idea; it was fun and left nobody out.",
            "* Children of all schools, Anthony Gell School most of all, together raised £4,976 for Cancer Research.",
        ),
        (
            "* Parliament sessions still bring the cluster's children together as partners.",
            "* Children make friends at other schools, which helps when they move up to secondary school.",
        ),
        (
            "* Widen the parliament sessions to take in how we look after the environment.",
            "* Children plan an event for the end of the year about nature and living sustainably.",
        ),
    ),
    (
        ("* INSET-SEPT19", "Plan and hold an INSET day for everyone in the cluster who works in a classroom."),
        ("* Give staff at every level, and governors, better support and training by meeting and learning together.",),
        (
            "* An INSET for all classroom staff of the cluster has been planned and held in January 2020. (met)",
            "* Most of what staff say about the INSET afterwards is favourable.",
        ),
        (
            "* 3 hours of headteacher time (two planning headteachers) to settle the agenda and shape of the day.",
            "* Each school pays for its own staff to attend.",
        ),
        ("* Two planning headteachers arrange the day, with its venue and its providers.",),
        (
            "* Programme settled in November 2019",
            "* Venue reserved in November 2019",
            "* INSET took place in January 2020",
        ),
        (
            "* Maths taught in step with the secondary school",
            "* A chance to talk about maths with staff of other schools",
            "* Richer STEM teaching in school with the help of STEM ambassadors",
        ),
        ("* Keep up the quality of the cluster INSETs of the last three academic years.",),
    ),
    (
        ("* SCIENCE-SEPT19",),
        (
            "* Better results for the students of every school that takes part.",
            (
                "* A smoother move between schools, through closer joint work and by seeing the cluster as one "
                "inclusive provision from 4 to 18."
            ),
            "* More kinds of learning for students, because the schools work hand in hand.",
        ),
        (
            "* Science leads of three schools",
            "* Resources",
            "* Moderation",
            "* Help from parents",
            "* Governors",
        ),
        (
            (
                "* Seek a grant from the Polar Exploration initiative for equipment for experiments, in the primaries "
                "and at Anthony Gell School, and for releasing its science staff to visit the primaries."
            ),
            (
                "* Two science leads and a representative of the third meet after school to make worksheets and boxes "
                "of equipment for investigations."
            ),
        ),
        (
            "* Three staff members from the cluster's schools",
            "* The representative writes the grant application, helped by a science lead",
            "* The representative makes a full list of science terms to send to the primary schools",
            "* The two leads and the representative make worksheets or booklets and the equipment that goes with them",
            "* The two leads and the representative write feedback sheets on the work, for teachers and for pupils",
        ),
        ("*",),
        ("*",),
        ("*",),
    ),
    (
        ("* GOVERNORS-SEPT19", "Give COGS governors training and the chance to meet one another"),
        ("* Give staff at every level, and governors, better support and training by meeting and learning together.",),
        (
            "* Once a term, governors can meet governors of the other cluster schools.",
            "* Governors are kept up to date and know ways to back the schools' educational work.",
        ),
        (
            "* INSET every term, on topics put forward and chosen by the group.",
            "* The networking sessions are held at Bonsall CE VA School.",
            "* Spending on outside staff to support the sessions has been agreed.",
        ),
        (
            "* Governors' lead to lead",
            "* The local authority's advisory team is still involved and helps with the organisation.",
            "* The former adviser now works in the south of the county, so a colleague gave the group its INSET.",
        ),
        (
            "* Notes of the governors' networking sessions have gone round.",
            "* Attendance is good: 25 governors at the last meeting.",
        ),
        ("* Governors feel better informed, make contacts, ask questions and decide what their next INSET is about.",),
        (
            "Dates settled for the academic year 2019-20:",
            "15 October 2019",
            "24 March 2020",
            "Summer: date tbc",
            "Both October and March begin with the new Ofsted framework and the broad curriculum.",
        ),
    ),
)


def build_plan() -> Plan:
    """The plan as a landscape document with one table."""
    plan = Document()
    turn_landscape(plan)
    plan.styles["Normal"].font.size = Pt(8)
    plan.add_heading("COGS Cluster Development Plan, 13 March 2020", level=1)
    table = plan.add_table(rows=1 + len(TARGETS), cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = heading
    for row, target in zip(table.rows[1:], TARGETS, strict=True):
        for cell, lines in zip(row.cells, target, strict=True):
            fill_cell(cell, lines)
    return plan


def turn_landscape(plan: Plan) -> None:
    section = plan.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def fill_cell(cell: _Cell, lines: tuple[str, ...]) -> None:
    """One paragraph a line; the empty paragraph every new cell has becomes the first."""
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line.startswith("*"):
            paragraph.style = "List Bullet"
        paragraph.add_run(line.removeprefix("*").strip())


def date_plan(plan: Plan) -> None:
    """Fixed properties instead of the clock and the template's own."""
    properties = plan.core_properties
    properties.title = "COGS Cluster Development Plan"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = WRITTEN


def write_with_fixed_times(plan: Plan, path: Path) -> None:
    """A docx is a zip whose parts carry the time of writing; give them all one date."""
    saved = BytesIO()
    plan.save(saved)
    with ZipFile(saved) as parts, ZipFile(path, "w") as out:
        for part in parts.infolist():
            out.writestr(ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), parts.read(part), ZIP_DEFLATED)


def main() -> None:
    plan = build_plan()
    date_plan(plan)
    write_with_fixed_times(plan, OUT)


if __name__ == "__main__":
    main()
