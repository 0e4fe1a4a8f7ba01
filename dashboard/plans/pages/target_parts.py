"""The forms of the parts of a target: one criterion with its schools, one piece of evidence with its file."""

from contextlib import closing
from typing import Final

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.plans.commands.by_hand import ChangedMeanwhile, TargetRefused
from dashboard.plans.forms import BareForm, EvidenceForm, FileForm, criterion_form
from dashboard.plans.pages.place import Place, find_place, nowhere
from dashboard.plans.pages.target import TARGET, Differences, do, status_of, write
from dashboard.plans.queries.target import (
    CriterionRow,
    EvidenceRow,
    TickRow,
    find_evidence_file,
    load_evidence_of_target,
    load_ticks,
)
from dashboard.plans.target_shown import criterion_differences, evidence_differences
from dashboard.web.bodies import takes_files
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page

part_pages = Blueprint("target_parts", __name__, template_folder="../templates")
_CRITERION: Final = f"{TARGET}/criteria/<int(max=2147483647):criterion_id>"
_EVIDENCE: Final = f"{TARGET}/evidence/<int(max=2147483647):evidence_id>"


@part_pages.route(_CRITERION, methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
def criterion(slug: str, code: str, criterion_id: int) -> ResponseReturnValue:
    """One success criterion: how it is measured, what is known of it, and of each school where each has to meet it."""
    place, row, ticks = _criterion(slug, code, criterion_id)
    form, meanwhile = criterion_form(place.target, row, ticks), None
    if form.validate_on_submit():
        number, said = place.target.target_id, form.said(ticks)
        try:
            stored = write(place, lambda desk: desk.say_criterion(number, criterion_id, said, form.seen))
        except ChangedMeanwhile:
            place, row, ticks = _criterion(slug, code, criterion_id)
            meanwhile = criterion_differences(row, ticks, said)
            form.version.data = str(place.target.version)
        except TargetRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The criterion is stored." if stored else "Nothing was different, so nothing was stored.")
            return place.back(f"criterion-{row.number}")
    shown = page(
        "plans/target_criterion.html", f"Criterion {row.number} of {code}", place=place, row=row, form=form,
        ticks=ticks, meanwhile=meanwhile,
    )  # fmt: skip
    return shown, status_of(form, meanwhile)


@part_pages.route(_EVIDENCE, methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
def evidence(slug: str, code: str, evidence_id: int) -> ResponseReturnValue:
    """One piece of evidence: its words, its day, what it shows, where it can be seen."""
    place, row = _evidence(slug, code, evidence_id)
    form, meanwhile = EvidenceForm(), None
    form.show(place.target, row, place.criteria)
    if form.validate_on_submit():
        number, said = place.target.target_id, form.said
        try:
            stored = write(place, lambda desk: desk.change_evidence(number, evidence_id, said, form.seen))
        except ChangedMeanwhile:
            place, row = _evidence(slug, code, evidence_id)
            meanwhile = evidence_differences(row, place.criteria, said)
            form.version.data = str(place.target.version)
        except TargetRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The evidence is stored." if stored else "Nothing was different, so nothing was stored.")
            return place.back(f"evidence-{evidence_id}")
    return _evidence_page(place, row, form, meanwhile=meanwhile)


@part_pages.post(f"{_EVIDENCE}/take-out")
@needs(Action.EDIT, Object.PLAN)
def take_out(slug: str, code: str, evidence_id: int) -> ResponseReturnValue:
    """Take a piece of evidence out, with its line of the cell and its file."""
    place, _ = _evidence(slug, code, evidence_id)
    form, number = BareForm(), place.target.target_id
    return do(place, form, lambda desk: desk.take_out(number, evidence_id, form.seen), "The evidence is taken out.")


@part_pages.post(f"{_EVIDENCE}/file")
@needs(Action.EDIT, Object.PLAN)
@takes_files
def attach(slug: str, code: str, evidence_id: int) -> ResponseReturnValue:
    """Attach a file to a piece of evidence."""
    place, row = _evidence(slug, code, evidence_id)
    form = FileForm(prefix="file-")
    if form.validate_on_submit():
        try:
            sent = form.file.data
            if not sent:
                raise TargetRefused("Choose the file.", "file")
            with closing(sent):
                content = sent.read()
            number, name = place.target.target_id, sent.filename or ""
            write(place, lambda desk: desk.attach(number, evidence_id, name, content))
        except TargetRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The file is attached.")
            return place.back(f"evidence-{evidence_id}")
    fresh = EvidenceForm(formdata=None)
    fresh.show(place.target, row, place.criteria)
    return _evidence_page(place, row, fresh, form)


@part_pages.get(f"{_EVIDENCE}/file")
@needs(Action.SEE, Object.PLAN)
def file(slug: str, code: str, evidence_id: int) -> ResponseReturnValue:
    """The file of a piece of evidence, to keep: a browser shows none of it within these pages. For those alone who
    see the cluster whole.
    """
    with access.reading(the_store(), the_scope()) as reading:
        place = find_place(reading, the_scope(), Action.SEE, slug, code)
        found = find_evidence_file(reading, the_scope(), place.target.target_id, evidence_id)
    if found is None:
        nowhere(Action.SEE, slug)
    name, media_type, content = found
    return flask.Response(
        content,
        mimetype=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@part_pages.post(f"{_EVIDENCE}/file/take-out")
@needs(Action.EDIT, Object.PLAN)
def take_file_out(slug: str, code: str, evidence_id: int) -> ResponseReturnValue:
    """Take the file of a piece of evidence out; its words stay."""
    place, _ = _evidence(slug, code, evidence_id)
    number = place.target.target_id
    return do(place, BareForm(), lambda desk: desk.take_file_out(number, evidence_id), "The file is taken out.")


def _criterion(slug: str, code: str, criterion_id: int) -> tuple[Place, CriterionRow, list[TickRow]]:
    with access.reading(the_store(), the_scope()) as reading:
        place = find_place(reading, the_scope(), Action.EDIT, slug, code)
        ticks = load_ticks(reading, the_scope(), place.target.target_id)
    row = next((each for each in place.criteria if each.criterion_id == criterion_id), None)
    if row is None:
        nowhere(Action.EDIT, slug)
    return place, row, [each for each in ticks if each.criterion_id == criterion_id]


def _evidence(slug: str, code: str, evidence_id: int) -> tuple[Place, EvidenceRow]:
    with access.reading(the_store(), the_scope()) as reading:
        place = find_place(reading, the_scope(), Action.EDIT, slug, code)
        rows = load_evidence_of_target(reading, the_scope(), place.target.target_id)
    row = next((each for each in rows if each.evidence_id == evidence_id), None)
    if row is None:
        nowhere(Action.EDIT, slug)
    return place, row


def _evidence_page(
    place: Place,
    row: EvidenceRow,
    form: EvidenceForm,
    file_form: FileForm | None = None,
    meanwhile: Differences | None = None,
) -> ResponseReturnValue:
    refused = file_form or form
    shown = page(
        "plans/target_evidence.html", f"Evidence of {place.target.code}", place=place, row=row, form=form,
        meanwhile=meanwhile, file_form=file_form or FileForm(formdata=None, prefix="file-"), refused=refused,
        bare=BareForm(formdata=None, version=place.target.version),
    )  # fmt: skip
    return shown, status_of(refused, meanwhile)
