"""What `check` finds in plans: evidence that no cell has, and a state that the ticks of the schools do not say."""

from datetime import date

import pytest

from dashboard.db import Store
from dashboard.integrity import find_faults
from dashboard.models import CriterionSchool
from dashboard.models.plans import CellLine
from dashboard.vocabulary import CriterionState
from tests import builders as put

MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE


def test_evidence_is_a_line_of_its_own_targets_cell(store: Store) -> None:
    with store.writing() as session:
        mill = put.cluster(session)
        sound, bare = put.target(session, mill, "A"), put.target(session, mill, "B", position=2)
        sound.cell_evaluation = (CellLine(True, "Seen"), CellLine(False, "Heard"))
        put.evidence(session, sound, text="Heard")
        lost = [put.evidence(session, sound, text="Told").id, put.evidence(session, bare, text="Seen").id]
        numbers = [sound.id, bare.id]
    assert find_faults(store) == [
        f"Evidence {evidence} is no line of the evaluation cell of target {target}."
        for evidence, target in zip(lost, numbers, strict=True)
    ]


@pytest.mark.parametrize(
    ("ticks", "follows"),
    [
        ((), None),  # nobody has ticked anything: what a file said stands
        ((MET, None), NO_EVIDENCE),
        ((MET, MET), MET),
        ((MET, NOT_MET), NOT_MET),
        ((NOT_MET, None), NOT_MET),
        ((NO_EVIDENCE, MET), NO_EVIDENCE),
    ],
)
def test_the_state_follows_the_ticks_of_the_members_of_that_year(
    store: Store, ticks: tuple[CriterionState | None, ...], follows: CriterionState | None
) -> None:
    with store.writing() as session:
        mill = put.cluster(session)
        ford, weir, gone = (put.school(session, f"{name} School") for name in ("Ford", "Weir", "Gone"))
        put.membership(session, mill, ford, None, date(2016, 10, 1))
        put.membership(session, mill, ford, date(2017, 1, 9))  # it came back in the same year
        put.membership(session, mill, weir)
        put.membership(session, mill, gone, None, date(2015, 8, 31))
        target = put.target(session, mill)
        wrong = []
        for position, state in enumerate(CriterionState, start=1):
            criterion = put.criterion(session, target, state, position)
            criterion.per_school = True
            for school, tick in zip((ford, weir), ticks, strict=False):
                if tick is not None:
                    row = CriterionSchool(criterion_id=criterion.id, school_id=school.id, state=tick)
                    put.put(session, row)
            put.put(session, CriterionSchool(criterion_id=criterion.id, school_id=gone.id, state=NOT_MET))
            if follows is not None and state is not follows:
                wrong.append(criterion.id)
        put.criterion(session, target, MET, 9)
    assert find_faults(store) == [
        f"Criterion {number} does not stand as the ticks of its schools say." for number in wrong
    ]
