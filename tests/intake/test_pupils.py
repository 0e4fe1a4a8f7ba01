"""No file brings in anything about a single pupil, and no column of counts or of colleagues is mistaken for one."""

import csv
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.db import Store
from dashboard.importing import IMPORTERS
from dashboard.intake.pupils import is_about_a_pupil
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import PLAN_HEADINGS
from tests.uploads import MILL, add_two_clusters, bring, brought, docx_file, everything

REFUSED = (
    # one pupil
    "Pupil", "pupil", "PUPIL", "Child", "Student", "Learner", "Boy", "Girl", "The pupil", "Each child", "Named child",
    "Target pupil", "Focus child", "Year 6 pupil", "Y6 pupil", "Yr 6 child", "Year 5/6 pupil", "KS2 pupil",
    "Pupil/child", "Pupil or student", "Boy/girl", "Participant (pupil)", "Pupil participant", "Person (child)",
    "Student representative", "Kid", "Young person", "Ｐｕｐｉｌ", "YP 1",
    "Reception child", "SEN pupil", "EHCP pupil", "Pupil premium pupil", "PP child", "EAL learner", "More able pupil",
    "Looked after child", "Disadvantaged pupil", "Pupil 1", "Child A",
    # what one is called
    "Pupil name", "pupil_name", "PupilName", "PUPIL NAME", "pupilname", "Pupil's name", "Pupil’s name", "Pupils' names",
    "Name of pupil", "Name of the child", "Names of pupils", "Names of children", "Child name", "Childs name",
    "Children's names", "Student Name", "StudentName", "Student full name", "Pupil legal surname", "Learner forename",
    "Pupil surname", "Child initials", "Pupil (name)", "Name (pupil)", "Pupil name and class teacher", "Named pupils",
    "Pupil premium (by name)", "Pupil premium names", "SEN (by name)", "FSM by name", "EAL pupils by name",
    "Ｐｕｐｉｌ name", "ＵＰＮ", "Kids' names", "Kids’ names", "Kid's name", "KidsNames", "YP name", "Name of YP",
    "YP initials", "Young person's name", "Names of young people", "Names of Year 6", "Year 6 names", "Y6 names",
    "Year6Names", "Names (Year 6)", "Names of Year 5 and 6", "Y5/Y6 surnames", "KS2 initials", "Reception names",
    "Year 6 first names",
    # what tells one from another
    "UPN", "upn", "U.P.N.", "UPNs", "Former UPN", "UPN (unique)", "Unique pupil number", "Unique Pupil Number (UPN)",
    "ULN", "Unique learner number", "Pupil number", "Year 6 pupil number",
    "Pupil no.", "Student no", "Pupil ID", "PupilID", "student_id",
    "Pupil ref", "Child reference", "Candidate number", "Admission number", "Admission no", "NHS number",
    "Date of birth", "Date Of Birth", "date_of_birth", "DateOfBirth", "DOB", "D.O.B.", "dob", "Birth date", "Birthdate",
    "Birthday", "Pupil DOB", "Pupil date of birth", "Pupil age", "Child's age", "Pupil address", "Pupil email",
    "Student e-mail", "Child photo", "Pupil gender", "Child ethnicity", "Pupil postcode",
    # what is said of one
    "SEN", "SEND", "EHCP", "SEN status", "SEN need", "SEND needs", "SEN (Y/N)", "EHCP Y/N", "EHC plan (yes/no)",
    "FSM (Y/N)", "Free school meals (Y/N)", "Pupil premium (Y/N)", "PP yes/no", "EAL Y/N", "LAC Y/N", "Ethnicity",
    "First language", "Home language", "Nationality", "Country of birth", "Medical needs", "Allergies", "Looked after",
    "Pupil's target", "Child's targets", "Child's next steps", "Pupil's previous school", "Child's school",
    "Student's progress", "Kid's target", "Pupil comment", "Pupil comments", "Comment by pupil", "Notes on each child",
    "Student quote", "FSM?", "FSM ?", "ＦＳＭ？", "Free school meals?", "Eligible for FSM?", "Pupil premium?", "PP?",
    "EAL?", "On the SEN register?", "Has EHCP?", "FSM (Y or N)", "Ever 6 FSM (Y/N)",
    # the people of one
    "Parent name", "Parent/carer name", "Mother's name", "Parent e-mail", "Carer phone", "Guardian contact",
    "Next of kin",
)  # fmt: skip

ACCEPTED = (
    # counted
    "Pupils", "pupils", "Number of pupils", "No. of pupils", "Pupil numbers", "Pupils on roll", "Number on roll",
    "NOR", "Roll", "TotalPupils", "Total pupils", "NumberOfPupils", "KS2 Pupils", "KS2 Boys", "NumberOfGirls",
    "Year 6 pupils", "Y6 pupils", "Children", "Number of children", "Students", "Total student number",
    "Total Students", "Number of pupils with SEN", "Pupils with SEN", "% pupils with EHC plan", "SEN support",
    "SENSupport", "EHCPlan", "Percentage SEN", "Number EHCP", "Free school meals", "FSM", "fsm_prop", "EAL",
    "Pupils eligible for FSM", "Number of pupils by gender", "Gender of pupils", "Pupils aged 5 to 11",
    "Pupil: Teacher Ratio", "Pupil:     Teacher Ratio", "Pupil teacher ratio", "Income per pupil",
    "Admin. & Clerical Staff - Pay per pupil", "Pounds per pupil (name of school)", "Average pupil age",
    "Pupil age range", "Pupil attendance", "Pupil absence", "Pupil progress score", "Published admission number",
    "SEN1 (name)", "SENPRU (name)", "SENStat",
    "Kids", "YP", "Number of YP", "Young people", "Number of kids", "Year 6", "Number of Year 6 pupils", "FSM %",
    "% FSM", "How many FSM?", "Number of pupil comments", "Pupil participants", "Participants (pupils)",
    "Pupils / children", "Number of pupils?",
    # money and work for pupils
    "Pupil premium", "Pupil premium grant", "PP", "Pupil voice", "Pupils’ Voice", "Pupil parliament", "Student council",
    "Children's services", "Children's centre name", "Kids' club name", "Comments", "Notes on pupil voice",
    "Child protection lead", "Childcare", "Pupil referral unit",
    "Name of pupil referral unit", "Pupil transition activity", "Pupil Premium lead name",
    "Total Student Financial Support Funding (£)", "High Needs Students (included in Total Students)",
    "Total No. students not meeting the Condition of Funding (2017/18 data)",
    # years, classes, schools
    "Year group", "Year groups", "Year group name", "Year 6 class names", "Names of Year 6 projects", "Year 2017 names",
    "Nursery names", "Year", "Class", "Key stage", "Phase", "School", "School name", "Name of school",
    "School name (pupils)", "Name", "URN", "Unique reference number", "UKPRN", "Postcode", "Address", "Telephone",
    "Gender", "Religion", "Religious character", "Opening date", "Trust name", "Parent company name",
    "Childs Hill Primary School", "Child’s Hill School", "Child Okeford Primary School", "Childwall C of E Primary",
    "Holy Child Academy", "Sending school", "SEND school?",
    # colleagues
    "Head teacher", "Headteacher", "HeadFirstName", "HeadLastName", "Teacher", "Teacher name", "Class teacher",
    "Year 6 teacher", "Student teacher", "Student teacher name", "SENCo", "SENCo name", "SEN lead", "Science lead",
    "First name", "Last name", "Names", "Names of Year 6 teachers", "Year 6 leads' names", "Reception TA name",
    "Person", "Attendee", "Member", "Representative", "Initials", "Forename", "Surname", "Work e-mail", "Governor",
    "Parent governor", "Parent governor name", "Student support officer name", "Learning mentor", "Contact",
    # registers, ledgers, plans
    "Date", "Mark", "Note", "2017-03-12", "Amount", "£", "Supplier", "Reference", "Target", "Owner", "Impact", "",
)  # fmt: skip


def test_the_tables_are_long_enough_and_say_each_heading_once() -> None:
    assert len(set(REFUSED)) == len(REFUSED) >= 60
    assert len(set(ACCEPTED)) == len(ACCEPTED) >= 60
    assert not set(REFUSED) & set(ACCEPTED)


@pytest.mark.parametrize("heading", REFUSED)
def test_a_column_about_single_pupils_is_recognised(heading: str) -> None:
    assert is_about_a_pupil(heading)


@pytest.mark.parametrize("heading", ACCEPTED)
def test_a_column_about_anything_else_is_let_through(heading: str) -> None:
    assert not is_about_a_pupil(heading)


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_capitals_hide_nothing_where_words_stand_apart(change: Callable[[str], str]) -> None:
    apart = [heading.replace("_", " ") for heading in REFUSED if " " in heading or "_" in heading]
    assert len(apart) > 60
    assert [heading for heading in apart if not is_about_a_pupil(change(heading))] == []


@given(st.text(max_size=40))
def test_any_text_at_all_gets_an_answer(heading: str) -> None:
    assert is_about_a_pupil(heading) in {True, False}


def known_headings() -> Iterator[str]:
    for importer in IMPORTERS.values():
        for meaning, others in getattr(importer, "headings", {}).items():
            yield from (meaning, *others)
    yield from PLAN_HEADINGS.values()
    for path in (PROJECT_ROOT / "data").rglob("*.csv"):
        yield from next(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.parametrize("heading", sorted(set(known_headings())))
def test_no_heading_that_an_importer_reads_or_the_sample_has_is_refused(heading: str) -> None:
    assert not is_about_a_pupil(heading)


def test_a_file_with_such_a_column_is_refused_with_its_place_and_what_to_do(store: Store) -> None:
    add_two_clusters(store)
    before = everything(store)
    file = "school,Pupil name,UPN,mark,date\nMill Primary School,A Child,A123,P,2017-03-12\n"
    result = bring(store, "attendance", file, cluster=MILL)
    assert everything(store) == before
    assert (result.stored, result.batch) == (False, None)
    assert [(each.row, each.column, each.value) for each in result.errors] == [
        (1, "Pupil name", None),
        (1, "UPN", None),
    ]
    assert result.errors[0].problem == (
        "the column “Pupil name” is about single pupils, and no data of pupils is kept here; take the column out: "
        "nothing about single pupils is stored (how many there are may stand under “number of pupils”)"
    )


def test_the_row_is_the_one_that_the_mapping_says_has_the_headings(store: Store) -> None:
    file = "Register of the year,,\nschool,Child,2017-03-12\nMill Primary School,A Child,P\n"
    result = bring(store, "attendance", file, cluster=MILL, create_missing=True, mapping={"header_row": 2})
    assert [(each.row, each.column) for each in result.errors] == [(2, "Child")]


def test_a_mapping_cannot_give_such_a_column_another_meaning(store: Store) -> None:
    add_two_clusters(store)
    file = "school,Pupil name,2017-03-12\nMill Primary School,A Child,P\n"
    for mapping in (
        {"columns": {"Pupil name": "person"}},
        {"columns": {"Pupil name": "person"}, "ignore": ["Pupil name"]},
        {"columns": {"pupil NAME": "person"}, "ignore": ["PUPIL name"]},
    ):
        result = bring(store, "attendance", file, cluster=MILL, mapping=mapping)
        assert [each.column for each in result.errors] == ["Pupil name"]


def test_a_column_that_the_mapping_passes_over_is_not_read_and_that_is_said(store: Store) -> None:
    add_two_clusters(store)
    file = "school,Pupil name,2017-03-12\nMill Primary School,Zebedee Quill,P\n"
    result = brought(store, "attendance", file, cluster=MILL, mapping={"ignore": ["pupil name"]})
    assert [(each.row, each.column, each.problem) for each in result.warnings] == [
        (
            1,
            "Pupil name",
            "the column “Pupil name” is about single pupils; it was passed over, and nothing of it is stored",
        )
    ]
    assert (result.added, "Zebedee" in str(everything(store))) == (1, False)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("benchmarks", "measure,Mill Primary School,Pupil name,unit,year\nIncome,1,A Child,pounds,2016-17\n"),
        ("schools", "name,cluster,DOB\nNew School,Mill Cluster,2010-01-01\n"),
        ("spend", "date,pot,part,amount,Child\n2017-03-12,lead_held,A,1,A Child\n"),
    ],
)
def test_every_kind_of_file_refuses_them(store: Store, kind: str, file: str) -> None:
    add_two_clusters(store)
    before = everything(store)
    result = bring(store, kind, file, cluster=None if kind == "schools" else MILL)
    assert "is about single pupils" in result.errors[0].problem
    assert everything(store) == before


def test_a_plan_in_a_document_refuses_them(store: Store) -> None:
    headings = [*PLAN_HEADINGS.values(), "Named child"]
    result = bring(store, "plan", docx_file([headings, ["READ-SEPT16"] + ["x"] * 8]), cluster=MILL, create_missing=True)
    assert [each.column for each in result.errors] == ["Named child"]
    assert not everything(store)["target"]
