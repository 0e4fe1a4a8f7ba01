"""The rules a programme may set, with their defaults. The values of one programme are rows of `programme_rule`.

Programmes contradict each other (a primary always leads in one, 4.25; a secondary is required in another, 0.5), so no
rule is a constant in the code that applies it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from dashboard.money import pence_from_text

Unit = Literal["count", "pounds", "text", "yes_no"]


@dataclass(frozen=True)
class Rule:
    """One rule: its name, the unit of its value, its default and where it comes from."""

    name: str
    unit: Unit
    default: str | None
    source: str
    statement: str


RULES: Final = (
    Rule("meetings_minimum", "count", None, "4.18", "The fewest cluster meetings in a year."),
    Rule("cluster_size_min", "count", "3", "4.1", "Groups smaller than this have rarely lasted."),
    Rule("cluster_size_max", "count", "12", "4.1", "Groups larger than this have rarely lasted."),
    Rule("lead_phase", "text", None, "4.25", "The phase of the school that must lead."),
    Rule("steering_group_cadence", "text", None, "1.2", "How often the steering group meets."),
    Rule("low_attendance_at_most", "count", "2", "3.11", "A school that attended no more than this many meetings …"),
    Rule("low_attendance_of_at_least", "count", "3", "3.11", "… of at least this many at which it was expected."),
    Rule("no_recent_attendance_missed", "count", "2", "product", "Expected meetings missed in a row, up to the last."),
    Rule("consistency_least", "count", "50", "0.10", "Percent of meetings at which somebody comes again …"),
    Rule("consistency_of_at_least", "count", "3", "0.10", "… of at least this many with names."),
    Rule("turnover_most", "count", "25", "3.8", "Percent of schools that may change their lead in a year."),
    Rule("induction_weeks", "count", "6", "3.8", "Weeks until a new lead is brought up to speed."),
    Rule("roll_over", "yes_no", "yes", "4.10", "Unspent money, or a deficit, goes on into the next year."),
    Rule("unspent_year_gone", "count", "75", "3.18", "Percent of the year that must be gone …"),
    Rule("unspent_spent_below", "count", "50", "3.18", "… while less than this percent of the money is spent."),
    Rule("half_day_max", "pounds", "100.00", "4.5", "The most that half a day of supply cover may cost."),
    Rule("release_half_days", "count", "5", "4.5", "Half days of release a school has in a year."),
    Rule("cpd_session_max", "pounds", "400.00", "4.9", "The most, before VAT, from the pot for one CPD session."),
    Rule("cpd_by_use_code", "yes_no", "no", "4.9", "A line of A5 or B6 is a session unless somebody says other."),
    Rule("uses_follow_parts", "yes_no", "yes", "3.2–3.4", "Parts A, B and coordinator pay for their own uses alone."),
    Rule("holders_follow_parts", "yes_no", "yes", "4.12–4.16", "Release is held by schools, allowances by their lead."),
    Rule("psqm_first_time_only", "yes_no", "no", "4.8", "A school's way to the quality mark is paid once, no renewal."),
    Rule("psqm_places", "count", None, "4.8", "Schools of a cluster whose way to the quality mark may be paid."),
    Rule("travel_needs_approval", "yes_no", "no", "4.26", "Travel is paid where the advisor approved it first."),
    Rule("uninvoiced_days", "count", "30", "3.18", "Days after which what is promised should have been invoiced."),
    Rule("cluster_lead_allowance", "pounds", None, "4.15", "Held by the lead school for running the cluster."),
    Rule("finance_allowance", "pounds", None, "4.16", "Held by the lead school for keeping the accounts."),
    Rule("extra_coordination_needs_approval", "yes_no", "no", "4.17", "Extra organising time needs approval first."),
    Rule("in_school_time_expected", "yes_no", "no", "4.20", "Meetings are expected in released school time."),
    Rule("after_school_most", "count", "25", "4.20", "Percent of meetings that may be after school."),
    Rule("workgroup_secondaries", "count", None, "0.5", "Exactly this many secondary schools are in a workgroup."),
    Rule("workgroup_feeder_primaries_min", "count", None, "0.6", "The fewest feeder primaries in a workgroup."),
    Rule("workgroup_ks3_lead", "yes_no", "no", "0.5", "The secondary sends a Key Stage 3 lead from the focus area."),
    Rule("workgroup_year_6_teacher", "yes_no", "no", "0.8", "Each feeder primary sends a teacher of Year 6."),
    Rule("workgroup_english_lead_invited", "yes_no", "no", "0.7", "Each school may send an English lead as well."),
    Rule("workgroup_secondary_welcome", "yes_no", "no", "4.25", "A secondary may take part and is encouraged to."),
)

_BY_NAME: Final = {rule.name: rule for rule in RULES}


def check_rule(name: str, value: str) -> None:
    """Refuse a rule nobody knows, or a value that does not fit its unit, with a ValueError that says why."""
    rule = _BY_NAME.get(name)
    if rule is None:
        raise ValueError(f"there is no rule “{name}”; known are {', '.join(_BY_NAME)}")
    if rule.unit == "count" and not value.isdecimal():
        raise ValueError(f"“{value}” is not a whole number, as “{name}” needs")
    if rule.unit == "yes_no" and value not in {"yes", "no"}:
        raise ValueError(f"“{value}” is neither yes nor no, as “{name}” needs")
    if rule.unit == "pounds":
        pence_from_text(value)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one programme: what it set, and the default for the rest."""

    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """The value as written; None where neither the programme nor a default says anything."""
        return self.values.get(name, _BY_NAME[name].default)

    def count(self, name: str) -> int | None:
        """The value of a counting rule."""
        value = self.text(name)
        return None if value is None else int(value)

    def pence(self, name: str) -> int | None:
        """The value of a money rule, in pence."""
        value = self.text(name)
        return None if value is None else pence_from_text(value)

    def yes(self, name: str) -> bool:
        """Whether a yes-or-no rule says yes."""
        return self.text(name) == "yes"


DEFAULT_RULES: Final = RuleSet()
