"""The panels of attendance."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import pandas as pd
import plotly.graph_objects as go
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear, Term
from dashboard.directory.tenure import load_context, load_tenure
from dashboard.directory.view import View
from dashboard.engagement import queries
from dashboard.engagement.figures import (
    CONTEXT_KEY,
    MOST_PROGRAMME_YEARS,
    PROGRAMME_YEARS_KEY,
    SPREAD_KEY,
    SYMBOLS,
    TREND_KEY,
    TURNOUT_KEY,
    WORDS,
    beside_key,
    draw_own_register,
    draw_programme_years,
    draw_register,
    draw_spread,
    draw_trend,
    draw_turnout,
    key_of,
    register_address,
    tile_of,
)
from dashboard.engagement.flags import Behind, Signs, flag_cluster, flag_schools, flag_signs_of_schools, rows_of
from dashboard.engagement.rates import BINS, FEWEST_CLUSTERS, FEWEST_MARKS, Spread, called, written
from dashboard.engagement.rows import UNKNOWN, say_span, term_address
from dashboard.engagement.sentences import (
    DRIFTING,
    say_attendance,
    say_away,
    say_beside,
    say_comers,
    say_context,
    say_left_out,
    say_own_attendance,
    say_programme_years,
    say_rate,
    say_spread,
    say_tenure,
    say_term,
    say_trend,
    say_turnout,
    term_of,
)
from dashboard.engagement.signs import load_signs
from dashboard.engagement.timeline import draw_timeline, timeline_key, turn
from dashboard.flags import Flag
from dashboard.marks import MEETING_WORDS
from dashboard.roles import ROLE_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.spread import middle_half
from dashboard.ui.panel import Message, Panel, not_from_the_store
from dashboard.ui.rows import rows_at
from dashboard.ui.theme import Look
from dashboard.vocabulary import ATTENDED_MARKS, EXPECTED_MARKS, Mark, PersonRole
from dashboard.wording import counted, day, of, sentence, share


@dataclass(frozen=True)
class RegisterPicture:
    """The marks of a cluster's year and what they add up to for each school."""

    marks: pd.DataFrame
    attendance: pd.DataFrame
    signs: Signs | None = None
    """What else is known; nothing where the reader sees neither the whole cluster nor a school of their own."""
    linked: bool = False
    """Whether each meeting leads to its register."""
    others: Mapping[str, Any] | None = None
    """How the other schools did, beside the one that it is about; None where that is not to be told."""
    comers: pd.DataFrame | None = None
    """Who came for the one school, by role (`queries.load_comers`)."""
    named: pd.DataFrame | None = None
    """The attendance of the other schools that the reader sees by name."""

    @property
    def came(self) -> tuple[int, int]:
        """How often the usual person came for the one school, and how often somebody else."""
        return int(self.attendance["present"].sum()), int(self.attendance["substitute"].sum())


def load_register(session: Session, view: View) -> RegisterPicture:
    """The register of the view's cluster and year; of one school alone when the view is about a school."""
    years = view.cluster_years
    signs = load_signs(session, view.scope, years, view.as_of, view.school_id)
    return RegisterPicture(
        queries.load_marks(session, view.scope, years, view.as_of, view.school_id),
        queries.load_attendance_by_school(session, view.scope, years, view.as_of, view.school_id),
        next(iter(signs.values()), None),
        linked=view.keeps_registers,
    )


def load_own_register(session: Session, view: View) -> RegisterPicture:
    """All that a school's page says of its attendance: its register, who came, how often the others did."""
    years = view.cluster_years
    others = queries.load_others(session, view.scope, years, view.as_of, view.school_id)
    named = queries.load_attendance_by_school(session, view.scope, years, view.as_of)
    return replace(
        load_register(session, view),
        others=next(iter(others.to_dict("records")), None),
        comers=queries.load_comers(session, view.scope, years, view.as_of, view.school_id),
        named=named[(named["school_id"] != view.school_id) & (named["expected"] > 0)],
    )


def load_open_register(session: Session, view: View) -> RegisterPicture:
    """The marks of the schools that the reader sees by name, and nothing else of them."""
    years = view.cluster_years
    return RegisterPicture(
        queries.load_marks(session, view.scope, years, view.as_of),
        queries.load_attendance_by_school(session, view.scope, years, view.as_of),
    )


def _flags(register: RegisterPicture, view: View) -> list[Flag]:
    of_schools = flag_schools(register.attendance, view.rules, marks=rows_of(register.marks))
    if view.cluster is None or register.signs is None:
        return of_schools
    signs, behind = register.signs, Behind.of(register.marks, register.attendance)
    of_the_whole = flag_cluster(view.cluster.slug, view.cluster.name, view.year, view.as_of, view.rules, signs, behind)
    return [*of_schools, *flag_signs_of_schools(signs, view.as_of, view.rules), *of_the_whole]


def _own_flags(register: RegisterPicture, view: View) -> list[Flag]:
    """Said to the school itself."""
    marks, called = rows_of(register.marks), "Your school"
    of_signs = flag_signs_of_schools(register.signs, view.as_of, view.rules, called) if register.signs else ()
    return [*flag_schools(register.attendance, view.rules, called, marks), *of_signs]


def _headline(register: RegisterPicture, view: View) -> str:
    return say_attendance(register.attendance, _flags(register, view))


def _own_headline(register: RegisterPicture, view: View) -> str:
    own = register.attendance.iloc[0] if len(register.attendance) else None
    if own is None:
        return "You were not a member."
    return say_own_attendance(own["attended"], own["expected"], register.others)


def _measure(register: RegisterPicture, view: View) -> Sequence[str]:
    attended, expected = register.attendance["attended"].sum(), register.attendance["expected"].sum()
    held = register.marks["meeting_id"].nunique()
    missing = int(register.attendance["not_recorded"].sum())
    left_out = f"; {counted(missing, 'mark')} not recorded and left out" if missing else ""
    return (
        f"Attendance {say_rate(attended, expected)} over {counted(held, 'meeting')} in {view.year}{left_out}.",
        "A substitute counts as having come.",
    )


def _draw(register: RegisterPicture, look: Look) -> go.Figure:
    return draw_register(register.marks, register.attendance, look, linked=register.linked and not look.room)


def _table(register: RegisterPicture) -> pd.DataFrame:
    marks = register.marks
    words = marks.assign(held=_headings(marks))
    tiles = [tile_of(mark, away) for mark, away in zip(marks["mark"], marks["away"], strict=True)]
    words["mark"] = [f"{SYMBOLS[tile]} {WORDS[tile]}" for tile in tiles]
    wide = words.pivot_table(index=["school", "name"], columns="held", values="mark", aggfunc="first", sort=False)
    wide = wide.reset_index("school", drop=True).reset_index().rename(columns={"name": "School"})
    totals = register.attendance
    return wide.assign(
        **{
            "Came": list(totals["attended"]),
            "Expected": list(totals["expected"]),
            "Not recorded": list(totals["not_recorded"]),
            "Rate": [say_rate(row.attended, row.expected) for row in totals.itertuples()],
        }
    )


def _links(register: RegisterPicture) -> Mapping[str, str]:
    """The register behind each heading of the table."""
    if not register.linked:
        return {}
    ids = register.marks["meeting_id"]
    return {head: register_address(each) for head, each in zip(_headings(register.marks), ids, strict=True)}


def _headings(marks: pd.DataFrame) -> list[str]:
    """The day of each mark's meeting; with what kind of meeting it was where two were held on one day."""
    per_day = marks.groupby("held_on")["meeting_id"].nunique()
    return [
        day(held) if per_day[held] == 1 else f"{day(held)}, {MEETING_WORDS[kind]}"
        for held, kind in zip(marks["held_on"], marks["kind"], strict=True)
    ]


def _made_up(register: RegisterPicture) -> tuple[bool, bool]:
    shown = register.marks[register.marks["mark"] != Mark.NOT_EXPECTED]["illustrative"].map(bool)
    return bool(shown.any()), bool(shown.all())


def _empty(view: View) -> Message:
    return Message(
        f"No meetings are recorded for {view.year}.",
        "They show here once a register is taken, or brought in from a spreadsheet.",
        other_years=True,
    )


def _figures(register: RegisterPicture, view: View) -> list[ShownFigure]:
    """What the headline and the measure rest on, then how often each school came."""
    attendance = register.attendance
    asked = attendance[attendance["expected"] > 0]
    drifting = {flag.subject for flag in _flags(register, view) if flag.rule in DRIFTING}
    by_school = partial(rows_at, view, "attendance", by="school")
    return [
        *_figures_of_all(register, view),
        ShownFigure(
            "Schools that came to every meeting",
            f"{int((asked['attended'] == asked['expected']).sum()):,}", "schools", by_school("every"),
        ),
        ShownFigure("Schools with a mark", f"{len(asked):,}", "schools", by_school("rated")),
        ShownFigure("Schools", f"{len(attendance):,}", "schools", by_school("schools")),
        *([ShownFigure("Schools that are drifting", f"{len(drifting):,}", "schools", by_school("drifting"))]
          if drifting else []),
        *_figures_of_meetings(register, view),
        *(
            ShownFigure(row.name, say_rate(row.attended, row.expected), "", rows_at(
                view, "attendance", "rate", school=row.school))
            for row in attendance.itertuples()
        ),
    ]  # fmt: skip


def _figures_of_meetings(register: RegisterPicture, view: View) -> Iterator[ShownFigure]:
    for (held, meeting), marks in register.marks.groupby(["held_on", "meeting_id"]):
        came, expected = (int(marks["mark"].isin(some).sum()) for some in (ATTENDED_MARKS, EXPECTED_MARKS))
        if expected:
            at = partial(rows_at, view, "attendance", meeting=int(meeting))
            yield ShownFigure(f"Schools that came on {day(held)}", f"{came:,}", "schools", at("came"))
            yield ShownFigure(f"Schools expected on {day(held)}", f"{expected:,}", "schools", at("expected"))


def _figures_of_all(register: RegisterPicture, view: View) -> list[ShownFigure]:
    attended, expected = int(register.attendance["attended"].sum()), int(register.attendance["expected"].sum())
    missing = int(register.attendance["not_recorded"].sum())
    at = partial(rows_at, view, "attendance", school=view.school.slug if view.school else None)
    return [
        ShownFigure("Attendance", say_rate(attended, expected), "", at("rate")),
        ShownFigure("Meetings", f"{register.marks['meeting_id'].nunique():,}", "meetings", at("meetings")),
        *([ShownFigure("Marks not recorded", f"{missing:,}", "marks", at("missing"))] if missing else []),
    ]


_NOT_TO_BE_SHOWN: Final = (
    "Rows: those of other schools, each for its own school to show. This is told in steps, so that no school can be "
    "made out."
)


def _own_figures(register: RegisterPicture, view: View) -> list[ShownFigure]:
    """The school's own, and how the others did: to who sees the cluster whole with their rows."""
    figures, others = _figures_of_all(register, view), register.others
    if others is None:
        return figures
    whole = view.cluster is not None and view.cluster.whole
    without = view.school.slug if view.school else None
    told = [
        ("Middle half of the other schools", "middle-half", say_span(others["lower"], others["upper"])),
        ("Median of the other schools", "median", share(others["median"])),
        ("Other schools with a rate", "others", f"{others['others']:,}"),
    ]
    if others["lowest"] is not None:
        told.append(("All of the other schools", "span", say_span(others["lowest"], others["highest"])))
    return [
        *figures,
        *(
            ShownFigure(label, value, "", rows_at(view, "attendance", foot, by="school", without=without))
            if whole
            else ShownFigure(label, value, "", why=_NOT_TO_BE_SHOWN)
            for label, foot, value in told
        ),
    ]


_EXPLAIN = (
    "A school’s rate is the meetings it came to (itself or by a substitute) out of the past meetings at which it was "
    "expected and has a mark. Apologies and absence count as not there. A meeting without a mark is left out and "
    "counted as “not recorded”. A meeting before a school joined or after it left is “not expected”; a time on "
    "sabbatical or closed is outlined. Neither counts for a school or against it. A flag is a prompt to ask, not a "
    "judgement."
)

REGISTER = Panel(
    id="engagement-heatmap",
    title="Who came",
    load=load_register,
    is_empty=lambda register: register.marks.empty,
    headline=_headline,
    measure=_measure,
    draw=_draw,
    key=lambda register: key_of(register.marks),
    table=_table,
    made_up=_made_up,
    flags=_flags,
    empty=_empty,
    explain=_EXPLAIN,
    aside=lambda register: say_away(register.marks),
    links=_links,
    figures=_figures,
)
"""Every school and meeting of one cluster's year."""

_BESIDE_OTHERS = (
    "The middle half of the other schools is what is left when a quarter of them, rounded down, is left out at either "
    f"end; the median is the school in the middle. A headteacher reads of the others only where at least "
    f"{queries.FEWEST_OTHERS} of them that are not named to the school had {queries.FEWEST_MEETINGS} meetings or more "
    "with a mark, in steps of 20 %, and never of the lowest or the highest: nobody can work out whose figure it is."
)


def _own_table(register: RegisterPicture) -> pd.DataFrame:
    """The school's own row, and one of the others where it may be told."""
    own, others = _table(register), register.others
    if others is None:
        return own
    told = [f"median {share(others['median'])}", f"middle half {share(others['lower'])} to {share(others['upper'])}"]
    if others["lowest"] is not None:
        told.append(f"all {share(others['lowest'])} to {share(others['highest'])}")
    beside = dict.fromkeys(own.columns, "") | {
        "School": sentence(counted(others["others"], "other school")), "Rate": ", ".join(told),
    }  # fmt: skip
    return pd.concat([own, pd.DataFrame([beside])], ignore_index=True)


OWN_REGISTER = replace(
    REGISTER,
    id="school-register",
    title="Did we come",
    load=load_own_register,
    headline=_own_headline,
    flags=_own_flags,
    draw=lambda register, look: draw_own_register(register.marks, register.attendance, register.others, look),
    key=lambda register: [*key_of(register.marks), *beside_key(register.others)],
    table=_own_table,
    figures=_own_figures,
    explain=f"{_EXPLAIN} {_BESIDE_OTHERS}",
    empty=lambda view: Message(
        f"No meetings are recorded for {view.year}.",
        "Your coordinator keeps the register; ask there, or choose another year above.",
    ),
)
"""The same for one school alone, said to the school."""


def _comers_table(register: RegisterPicture) -> pd.DataFrame:
    """The school as its marks have it, then each role that is known of those who came."""
    usual, substitute = register.came
    rows = [("Your school", usual, substitute, _people(register))]
    if register.comers is not None:
        order = list(ROLE_WORDS)
        known = sorted(
            (row for row in register.comers.itertuples() if row.role), key=lambda row: order.index(PersonRole(row.role))
        )
        unknown = [row for row in register.comers.itertuples() if not row.role]
        rows += [
            (sentence(ROLE_WORDS[PersonRole(row.role)]) if row.role else "Role not recorded",
             row.usual, row.substitute, row.people or "not recorded")
            for row in (*known, *unknown)
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Who came", "The usual person", "Somebody else", "Different people"])


def _people(register: RegisterPicture) -> Any:
    signs = register.signs
    regular = next(iter(signs.regulars), None) if signs is not None else None
    return regular.people if regular is not None else "not recorded"


def _comers_measure(register: RegisterPicture, view: View) -> Sequence[str]:
    signs = register.signs
    regular = next(iter(signs.regulars), None) if signs is not None else None
    named = register.comers is not None and not register.comers.empty
    return (
        f"Meetings in {view.year} to which somebody came for your school.",
        *((f"Somebody who had come before came to {of(regular.again, regular.meetings)} cluster meetings with names.",)
          if regular is not None else ()),
        *(() if named else ("The register names nobody, so the roles are not known.",)),
    )  # fmt: skip


def _comers_figures(register: RegisterPicture, view: View) -> list[ShownFigure]:
    usual, substitute = register.came
    school = view.school.slug if view.school else None
    return [
        ShownFigure("Came", f"{usual + substitute:,}", "meetings", rows_at(view, "attendance", "came", school=school)),
        ShownFigure("The usual person", f"{usual:,}", "meetings", why="Of the rows of “Came”, those marked present."),
        ShownFigure("Somebody else", f"{substitute:,}", "meetings", why="Of the same, those marked substitute."),
    ]


COMERS = replace(
    REGISTER,
    id="school-comers",
    title="Who came",
    load=load_own_register,
    is_empty=lambda register: not any(register.came),
    headline=lambda register, _view: say_comers(*register.came),
    figures=_comers_figures,
    measure=_comers_measure,
    draw=None,
    key=lambda _register: (),
    flags=lambda _register, _view: (),
    table=_comers_table,
    links=lambda _register: {},
    aside=lambda _register: "",
    empty=lambda view: Message(
        f"Nobody is recorded as having come for your school in {view.year}.",
        "It shows here once the register says that somebody did.",
        other_years=True,
    ),
    explain=(
        "The usual person is the colleague who stands for the school; somebody else who comes for them represents it "
        "just as well. In a handover both are the usual person, in a shared role either is. A person with two roles "
        "counts in both. There are roles and counts here and nobody’s name: it is the school that takes part."
    ),
    quiet=True,
)
"""Who came for one school: roles and counts, no names (0.10–0.13, 3.13, 3.14)."""


def _beside_table(register: RegisterPicture) -> pd.DataFrame:
    own, others = register.attendance.iloc[0], register.others
    rows = [("Your school", say_rate(own["attended"], own["expected"]))]
    if others is not None:
        who = counted(others["others"], "other school")
        rows += [
            (f"Median of {who}", share(others["median"])),
            ("Middle half of them", f"{share(others['lower'])} to {share(others['upper'])}"),
        ]
        if others["lowest"] is not None:
            rows.append(("Lowest and highest", f"{share(others['lowest'])} and {share(others['highest'])}"))
    if register.named is not None:
        rows += [(row.name_, say_rate(row.attended, row.expected)) for row in _with_names(register.named)]
    return pd.DataFrame(rows, columns=["School", "Attendance"])


def _with_names(attendance: pd.DataFrame) -> Any:
    return attendance.rename(columns={"name": "name_"}).itertuples()


def _nothing_beside(register: RegisterPicture) -> bool:
    named = register.named is not None and not register.named.empty
    return register.attendance.empty or (register.others is None and not named)


BESIDE = replace(
    OWN_REGISTER,
    id="school-beside",
    title="How we sit in the cluster",
    is_empty=_nothing_beside,
    headline=lambda register, _view: say_beside(
        int(register.attendance["attended"].sum()), int(register.attendance["expected"].sum()), register.others
    ),
    measure=lambda _register, view: (
        f"Share of the meetings come to, of those expected, in {view.year}.",
        "Other schools are named where the reader sees them by name: to a school those of the open book.",
    ),
    draw=None,
    key=lambda _register: (),
    flags=lambda _register, _view: (),
    table=_beside_table,
    links=lambda _register: {},
    aside=lambda _register: "",
    explain=f"A school’s rate is the meetings it came to of those expected with a mark. {_BESIDE_OTHERS}",
    empty=lambda _view: Message(
        "Nothing is told of the other schools yet.",
        f"That takes at least {queries.FEWEST_OTHERS} of them with {queries.FEWEST_MEETINGS} meetings each, so that "
        "nobody can work out whose figure it is; or an open book with another school.",
    ),
    quiet=True,
)
"""A school beside the others of its cluster, in figures that name nobody but schools of the open book (1.11)."""


def _totals_table(totals: pd.DataFrame, named: dict[str, list[Any]]) -> pd.DataFrame:
    """What each row adds up to, behind the columns that say which row it is."""
    rates = [say_rate(row.attended, row.expected) for row in totals.itertuples()]
    counts = {"Came": "attended", "Expected": "expected", "Not recorded": "not_recorded"}
    return pd.DataFrame({**named, **{words: list(totals[name]) for words, name in counts.items()}, "Rate": rates})


def _totals_made_up(totals: pd.DataFrame) -> tuple[bool, bool]:
    illustrative = totals["illustrative"].sum()
    return bool(illustrative), bool(illustrative == totals["marks"].sum())


def _turnout_figures(turnout: pd.DataFrame, view: View) -> list[ShownFigure]:
    at = partial(rows_at, view, "attendance", by="meeting")
    attended, expected = int(turnout["attended"].sum()), int(turnout["expected"].sum())
    return [
        ShownFigure("Attendance", say_rate(attended, expected), "", at("rate")),
        ShownFigure("Times that schools were expected", f"{expected:,}", "times", at("expected")),
        ShownFigure("Meetings", f"{len(turnout):,}", "meetings", at("meetings")),
        *(
            ShownFigure(heading, say_rate(int(row.attended), int(row.expected)), "", at("rate", meeting=row.meeting_id))
            for heading, row in zip(_headings(turnout), turnout.itertuples(), strict=True)
        ),
    ]


TURNOUT = Panel(
    id="engagement-turnout",
    title="How many came",
    load=lambda session, view: queries.load_turnout(session, view.scope, view.cluster_years, view.as_of),
    is_empty=lambda turnout: turnout.empty,
    headline=lambda turnout, _view: say_turnout(turnout),
    measure=lambda turnout, view: (
        f"Schools that came to each of {counted(len(turnout), 'meeting')} in {view.year}.",
        "A substitute counts as having come; marks that are not recorded are left out.",
        "A meeting is left out where its total would name a school.",
    ),
    draw=draw_turnout,
    key=lambda _turnout: TURNOUT_KEY,
    table=lambda turnout: _totals_table(turnout, {"Meeting": _headings(turnout)}),
    made_up=_totals_made_up,
    flags=lambda _turnout, _view: (),
    empty=lambda view: Message(
        f"No meetings are shown for {view.year}.",
        "None was held, or so few schools belonged to the cluster that a total would name one.",
    ),
    explain=_EXPLAIN,
    figures=_turnout_figures,
)  # fmt: skip
"""A cluster's attendance in totals, for a headteacher of one of its schools."""


@dataclass(frozen=True)
class TermPicture:
    """The terms of a cluster with a mark, and what happened outside that they should be read with (1.5)."""

    terms: pd.DataFrame
    context: Sequence[Mapping[str, Any]] = ()


def load_terms(session: Session, view: View) -> TermPicture:
    """All years that can be chosen, up to the day."""
    terms = queries.load_turnout_by_term(session, view.scope, view.all_years, view.as_of)
    happened = load_context(session, view.scope, view.all_years).to_dict("records")
    return TermPicture(terms, [each for each in happened if each["happened_on"] <= view.as_of])


def _terms_table(picture: TermPicture) -> pd.DataFrame:
    """The terms, oldest first; where something happened outside also the terms without a mark in which it did."""
    outside: dict[tuple[int, Term], list[str]] = {}
    for event in picture.context:
        told = f"{day(event['happened_on'])}: {event['words']}"
        outside.setdefault(term_of(event["happened_on"]), []).append(told)
    rows = {(row["year"], row["term"]): row for row in picture.terms.to_dict("records")}
    nothing = {"meetings": 0, "attended": 0, "expected": 0, "not_recorded": 0}
    keys = sorted({*rows, *outside}, key=lambda key: (key[0], list(Term).index(key[1])))
    terms = pd.DataFrame(
        [{"year": year, "term": term, **rows.get((year, term), nothing)} for year, term in keys], dtype=object
    )
    table = _totals_table(
        terms,
        {"Term": [sentence(say_term(row)) for row in terms.to_dict("records")], "Meetings": list(terms["meetings"])},
    )
    return (
        table.assign(**{"What happened outside": ["; ".join(outside.get(key, [])) for key in keys]})
        if outside
        else table
    )


def _term_figures(picture: TermPicture, view: View) -> list[ShownFigure]:
    return [
        *(
            ShownFigure(
                sentence(say_term(row)), say_rate(row["attended"], row["expected"]), "",
                term_address(view, row["year"], row["term"]),
            )
            for row in picture.terms.to_dict("records")
        ),
        ShownFigure("Terms", f"{len(picture.terms):,}", "terms", rows_at(view, "attendance", "terms", by="term")),
    ]  # fmt: skip


TREND = Panel(
    id="engagement-trend",
    title="From term to term",
    load=load_terms,
    is_empty=lambda picture: picture.terms.empty,
    headline=lambda picture, _view: say_trend(picture.terms),
    measure=lambda picture, _view: (
        f"Times that schools came, of those they were expected, in {counted(len(picture.terms), 'term')}.",
        "A substitute counts as having come; marks that are not recorded are left out.",
    ),
    draw=lambda picture, look: draw_trend(picture.terms, look, picture.context),
    key=lambda picture: (*TREND_KEY, *([CONTEXT_KEY] if picture.context else [])),
    table=_terms_table,
    made_up=lambda picture: _totals_made_up(picture.terms),
    flags=lambda _picture, _view: (),
    empty=lambda _view: Message(
        "There is no term with a mark yet.",
        "Once registers are kept, this shows whether more schools come or fewer.",
    ),
    explain=(
        "For each term the marks of all its meetings are added up: present and substitute, out of those and apologies "
        "and absence. Autumn is September to December, spring January to March, summer the rest, because term dates "
        "differ from school to school. A term rests on few meetings: look at the numbers beside the bar before you "
        "call it a change. What happened outside the cluster stands under the term in which it did; that it stands "
        "there does not say that it was the cause."
    ),
    aside=lambda picture: say_context(picture.context),
    figures=_term_figures,
)  # fmt: skip
"""A cluster's attendance over all its years, without a name."""


@dataclass(frozen=True)
class TenurePicture:
    """The leads of a cluster's schools up to a day: today, or the cluster's last where that is over."""

    tenure: pd.DataFrame
    as_of: date
    over: bool = False
    """Whether the cluster has ended, so that nobody still stands for a school."""


def load_leads(session: Session, view: View) -> TenurePicture:
    """Over all years that can be chosen, each time once."""
    ends = view.cluster.ends if view.cluster else None
    over = ends is not None and ends < view.as_of
    tenure = load_tenure(session, view.scope, view.all_years).drop_duplicates()
    return TenurePicture(tenure, ends if ends is not None and over else view.as_of, over)


def _tenure_table(picture: TenurePicture) -> pd.DataFrame:
    rows = list(picture.tenure.itertuples())
    open_end = "the cluster’s end" if picture.over else "still"
    return pd.DataFrame(
        {
            "School": [row.name for row in rows],
            "Lead": [turn(row.person_number) for row in rows],
            "Role": [ROLE_WORDS[row.role] for row in rows],
            "From": [day(row.starts) if row.starts else "not known" for row in rows],
            "Until": [day(row.ends) if row.ends else open_end for row in rows],
            "With another": ["yes" if row.shared else "no" for row in rows],
            "Handed on": ["yes" if row.handover else "no" for row in rows],
            "Brought up to speed": [day(row.inducted_on) if row.inducted_on else "not on record" for row in rows],
        }
    )


def _lead_figures(picture: TenurePicture, view: View) -> list[ShownFigure]:
    most = picture.tenure.groupby("school_id")["person_number"].max()
    at = partial(rows_at, view, "attendance", by="lead")
    return [
        ShownFigure("Schools with more than one lead so far", f"{int((most > 1).sum()):,}", "schools", at("several")),
        ShownFigure("Schools with a lead on record", f"{len(most):,}", "schools", at("schools")),
    ]


TENURE = Panel(
    id="engagement-tenure",
    title="Who stood for the schools",
    load=load_leads,
    is_empty=lambda picture: picture.tenure.empty,
    headline=lambda picture, _view: say_tenure(picture.tenure),
    measure=lambda picture, _view: (
        f"Leads of {counted(picture.tenure['school_id'].nunique(), 'school')} over all years on record.",
        "Leads are numbered in turn and not named.",
    ),
    draw=lambda picture, look: draw_timeline(picture.tenure, picture.as_of, look),
    key=lambda picture: timeline_key(picture.tenure),
    table=_tenure_table,
    made_up=lambda picture: (any(picture.tenure["illustrative"]), all(picture.tenure["illustrative"])),
    flags=lambda _picture, _view: (),
    empty=lambda _view: Message(
        "Nobody is on record as a school’s lead.",
        "Once it is known who comes for each school and since when, changes, handovers and roles held by two show.",
    ),
    explain=(
        "Each bar is a time in which somebody stood for the school at the cluster’s meetings. Bars at the same time "
        "are a handover, in which both come for a while, or a role that two people hold together (hatched). A "
        "change is nobody’s fault: it says where somebody may need bringing up to speed."
    ),
    figures=_lead_figures,
    quiet=True,
)  # fmt: skip
"""Changes, handovers and shared roles of each school's leads, for who sees the cluster whole."""


def _spread_table(spread: Spread) -> pd.DataFrame:
    """How many clusters lie in each bin, the highest rates first; where some are made up, how many of them."""
    numbers = list(reversed(range(BINS)))
    table = pd.DataFrame(
        {
            "Attendance": [called(number) for number in numbers],
            "Clusters": [spread.clusters[number] for number in numbers],
        }
    )
    if not any(spread.illustrative):
        return table
    return table.assign(**{"With illustrative figures": [spread.illustrative[number] for number in numbers]})


def _spread_figures(spread: Spread, _view: View) -> list[ShownFigure]:
    """The clusters of the overview are listed by `/rows/clusters`, which takes the same choices."""
    asked = urlsplit(spread.path).query
    at = f"/rows/clusters{f'?{asked}' if asked else ''}"
    of_bin = f"{at}{'&' if asked else '?'}rate="
    lower, upper = middle_half(spread.rates)
    left_out = (
        ("few", "Clusters with too few marks", spread.few_marks),
        ("none", "Clusters without marks", spread.no_marks),
    )
    return [
        ShownFigure("Middle half of the clusters", say_span(lower, upper), "", f"{at}#middle-half"),
        ShownFigure("Clusters with a rate", f"{len(spread.rates):,}", "clusters", f"{at}#rated"),
        *(ShownFigure(words, f"{number:,}", "clusters", f"{at}#{foot}") for foot, words, number in left_out if number),
        *(
            ShownFigure(f"Clusters from {called(number)}", f"{count:,}", "clusters", f"{of_bin}{written(number)}#rated")
            for number, count in enumerate(spread.clusters)
            if count
        ),
    ]


SPREAD: Panel[Spread] = Panel(
    id="overview-spread",
    title="How attendance is spread",
    load=not_from_the_store,
    is_empty=lambda spread: len(spread.rates) < FEWEST_CLUSTERS,
    headline=lambda spread, _view: say_spread(spread),
    measure=lambda spread, _view: (
        f"{sentence(counted(len(spread.rates), 'cluster'))} by attendance: meetings come to, of those expected.",
        say_left_out(spread),
    ),
    draw=draw_spread,
    key=lambda _spread: SPREAD_KEY,
    table=_spread_table,
    made_up=lambda spread: (any(spread.illustrative), sum(spread.illustrative) == len(spread.rates)),
    flags=lambda _spread, _view: (),
    empty=lambda _view: Message(
        "There is no spread to show.",
        f"It takes {counted(FEWEST_CLUSTERS, 'cluster')} with at least {counted(FEWEST_MARKS, 'mark')} each; the list "
        "below has them one by one.",
    ),
    explain=(
        "Each cluster’s rate is the times its schools came, out of those they were expected and have a mark, in the "
        "year that its row shows. “Half” is what is left when a quarter of the clusters, rounded down, is left out at "
        f"either end. A cluster with fewer than {counted(FEWEST_MARKS, 'mark')} has no rate to compare."
    ),
    links=lambda spread: {called(number): spread.address(number) for number in range(BINS) if spread.clusters[number]},
    figures=_spread_figures,
)
"""How the clusters of an overview lie beside one another, without a name. Its `load` is given by the page, which has
the rows already.
"""


@dataclass(frozen=True)
class CohortPicture:
    """The cohorts of an overview by their words, each with its programme years; and clusters of no known start."""

    cohorts: Mapping[str, Mapping[int, Mapping[str, Any]]]
    unknown: int

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """Every cohort and year."""
        return [row for years in self.cohorts.values() for row in years.values()]

    @property
    def totals(self) -> Mapping[int, tuple[int, int]]:
        """How often schools of all cohorts came, of the times they were expected, by programme year."""
        totals: dict[int, tuple[int, int]] = {}
        for row in self.rows:
            came, expected = totals.get(row["programme_year"], (0, 0))
            totals[row["programme_year"]] = came + row["attended"], expected + row["expected"]
        return totals


def load_cohorts(session: Session, view: View) -> CohortPicture:
    """All years of all clusters that are seen whole."""
    rows = queries.load_rates_by_programme_year(session, view.scope, view.as_of).to_dict("records")
    known = [row for row in rows if row["programme_year"] is not None]
    named = Counter(name for name, _ in {_cohort(row) for row in known})
    cohorts: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in known:
        name, programme = _cohort(row)
        words = f"{name}, {programme}" if named[name] > 1 else name
        cohorts.setdefault(words, {})[row["programme_year"]] = row
    return CohortPicture(cohorts, sum(row["clusters"] for row in rows if row["programme_year"] is None))


def _cohort(row: Mapping[str, Any]) -> tuple[str, str | None]:
    return (row["cohort"], row["programme"]) if row["cohort"] else (f"Began in {AcademicYear(row['started'])}", None)


def _cohort_measure(picture: CohortPicture) -> Sequence[str]:
    unknown = counted(picture.unknown, "cluster")
    left_out = f"{sentence(unknown)} without a start {'is' if picture.unknown == 1 else 'are'} left out."
    beyond = f"Years after the {MOST_PROGRAMME_YEARS}th are in the table."
    return (
        f"Attendance by year of the programme, {counted(len(picture.cohorts), 'cohort')}; n is the number of clusters.",
        *([left_out] if picture.unknown else []),
        *([beyond] if max(picture.totals) > MOST_PROGRAMME_YEARS else []),
    )


def _cohort_table(picture: CohortPicture) -> pd.DataFrame:
    years = {
        f"Year {at}": [_cohort_cell(of_one.get(at)) for of_one in picture.cohorts.values()]
        for at in sorted(picture.totals)
    }
    return pd.DataFrame({"Cohort": list(picture.cohorts), **years})


def _cohort_cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "no marks"
    made_up = ", illustrative" if row["illustrative"] else ""
    return f"{say_rate(row['attended'], row['expected'])}, {counted(row['clusters'], 'cluster')}{made_up}"


def _cohorts_made_up(picture: CohortPicture) -> tuple[bool, bool]:
    made_up, marks = (sum(row[name] for row in picture.rows) for name in ("illustrative", "marks"))
    return bool(made_up), made_up == marks


def _cohort_figures(picture: CohortPicture, _view: View) -> list[ShownFigure]:
    """By year of the programme, then cohort by cohort."""

    def at(foot: str, **asked: Any) -> str:
        told = urlencode({name: str(value) for name, value in asked.items()})
        return f"/rows/programme-years{told and f'?{told}'}#{foot}"

    return [
        *(
            ShownFigure(f"Year {nth} of the programme", say_rate(*of_one), "", at("rate", nth=nth))
            for nth, of_one in sorted(picture.totals.items())
        ),
        ShownFigure("Cohorts", f"{len(picture.cohorts):,}", "cohorts", at("cohorts")),
        *(
            [ShownFigure("Clusters without a start", f"{picture.unknown:,}", "clusters", at("clusters", nth=UNKNOWN))]
            if picture.unknown
            else []
        ),
        *(
            figure
            for words, years in picture.cohorts.items()
            for nth, row in sorted(years.items())
            for figure in (
                ShownFigure(
                    f"{words}, year {nth}", say_rate(row["attended"], row["expected"]), "",
                    at("rate", nth=nth, cohort=words),
                ),
                ShownFigure(
                    f"{words}, year {nth}: clusters", f"{row['clusters']:,}", "clusters",
                    at("clusters", nth=nth, cohort=words),
                ),
            )
        ),
    ]  # fmt: skip


PROGRAMME_YEARS = Panel(
    id="overview-programme-years",
    title="Year by year of the programme",
    load=load_cohorts,
    is_empty=lambda picture: len(picture.totals) < FEWEST_PROGRAMME_YEARS,
    headline=lambda picture, _view: say_programme_years(picture.totals),
    measure=lambda picture, _view: _cohort_measure(picture),
    draw=lambda picture, look: draw_programme_years(picture.cohorts, look),
    key=lambda _picture: PROGRAMME_YEARS_KEY,
    table=_cohort_table,
    made_up=_cohorts_made_up,
    flags=lambda _picture, _view: (),
    empty=lambda _view: Message(
        "There are not two years of a programme to compare yet.",
        "It takes clusters whose start is on record, with marks in at least two of their years.",
    ),
    explain=(
        "A cluster’s first year of the programme is the academic year in which it began; clusters of one cohort stand "
        "together, those without a cohort by the year in which they began. Later years may hold fewer clusters, and "
        "others than the first: n says how many."
    ),
    figures=_cohort_figures,
)
"""How attendance changes as a programme goes on (3.15, 3.16), without the name of a cluster."""
FEWEST_PROGRAMME_YEARS: Final = 2

OPEN_REGISTER = replace(
    REGISTER,
    id="engagement-open-book",
    title="Your school and those with an open book",
    load=load_open_register,
    headline=lambda register, _view: (
        f"{counted(len(register.attendance), 'school').capitalize()} in the cluster’s open book, yours among them."
    ),
    flags=lambda _register, _view: (),
)
"""The schools that lay their figures open to one another (1.11), the reader's own among them."""

ON_CLUSTER_PAGE = (REGISTER, TREND, TENURE)
ON_CLUSTER_PAGE_IN_TOTALS = (TURNOUT, TREND)
IN_THE_ROOM = (REGISTER,)
IN_THE_OPEN_BOOK = (OPEN_REGISTER,)
ON_SCHOOL_PAGE = (OWN_REGISTER, COMERS)
BESIDE_ON_SCHOOL_PAGE = (BESIDE,)
"""What comes after the money and the plan there."""
