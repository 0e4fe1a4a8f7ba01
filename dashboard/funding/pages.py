"""The pages of a ledger: its lines and what they add up to, one line with its receipts, a new one, a change."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, cluster_years, find_cluster, load_rule_sets, years_with_data
from dashboard.funding.around import load_members_on
from dashboard.funding.asked import read_filters
from dashboard.funding.checks import Breach
from dashboard.funding.commands import LedgerBook
from dashboard.funding.entry import (
    NEXT_STATES,
    BreaksRules,
    ChangedMeanwhile,
    LedgerRefused,
    NoSuchLine,
)
from dashboard.funding.flags import breaches_of
from dashboard.funding.forms import Choices, LedgerForm, LineForm, MoveForm, ReceiptForm, ReverseForm, version_of
from dashboard.funding.lines import (
    LineRow,
    find_line,
    find_receipt,
    load_ledger_clusters,
    load_lines,
    load_meetings_to_choose,
    load_receipts,
    load_requests_to_choose,
    load_schools_to_choose,
    load_shares,
    load_story,
    load_sums,
    load_targets_to_choose,
)
from dashboard.funding.queries import load_lines_to_check, load_pots
from dashboard.funding.sharing import SessionSplit, share
from dashboard.funding.shown import differences, options_of, say_sums, tell_event, title_of
from dashboard.funding.words import (
    DEEDS,
    PART_WORDS,
    POT_WORDS,
    PURPOSE_WORDS,
    SHARE_WORDS,
    STATE_WORDS,
    USE_WORDS,
    to_the_penny,
)
from dashboard.naming import slug as slug_of
from dashboard.vocabulary import LineState
from dashboard.web.bodies import takes_files
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid

ON_A_PAGE: Final = 100
MOST_PAGES: Final = 10_000
MOST_CLUSTERS: Final = 200
_LEDGER: Final = "/cluster/<slug>/ledger"
_LINE: Final = f"{_LEDGER}/<int(max=2147483647):line_id>"

pages = Blueprint("ledger", __name__, template_folder="templates")
pages.add_app_template_filter(to_the_penny)
_WORDS: Final = {
    "pot_words": POT_WORDS, "part_words": PART_WORDS, "purpose_words": PURPOSE_WORDS, "use_words": USE_WORDS,
    "state_words": STATE_WORDS, "share_words": SHARE_WORDS, "deeds": DEEDS,
}  # fmt: skip


@pages.get("/ledger")
@needs(Action.SEE, Object.LEDGER)
def ledgers() -> ResponseReturnValue:
    """The ledgers that the reader may open; where it is one, that one."""
    written = request.args.get("cluster", "").strip()[:200]
    with access.reading(the_store(), the_scope()) as reading:
        found = load_ledger_clusters(reading, the_scope(), slug_of(written) if written else None, most=MOST_CLUSTERS)
    if len(found) == 1 and not written:
        return flask.redirect(flask.url_for("ledger.ledger", slug=found[0].cluster))
    return page("ledger/clusters.html", "Ledgers", rows=found, written=written)


@pages.get(_LEDGER)
@needs(Action.SEE, Object.LEDGER)
def ledger(slug: str) -> ResponseReturnValue:
    """The lines that the address asks for, page by page, and the sums of all of them."""
    try:
        filters, said = read_filters(request.args)
    except ValueError:
        flask.abort(404)
    number = _page_asked()
    with access.reading(the_store(), the_scope()) as reading:
        cluster = _find_cluster(reading, the_scope(), slug, "see")
        rows = load_lines(
            reading, the_scope(), cluster.id, filters, most=ON_A_PAGE, skip=(number - 1) * ON_A_PAGE
        )  # fmt: skip
        sums = load_sums(reading, the_scope(), cluster.id, filters)
        years = years_with_data(reading, the_scope(), cluster.id)
        choices = _load_choices(reading, the_scope(), cluster)
    found = sum(each.lines for each in sums)
    return _page(
        "ledger/list.html", f"Ledger of {amid(cluster.name)}",
        cluster=cluster, rows=rows, sums=sums, found=found, said=said, number=number,
        last=max(1, -(-found // ON_A_PAGE)), headlines=[say_sums(each) for each in sums],
        options=options_of(years, choices, said), may_edit=_may_edit(cluster), year_of=AcademicYear,
    )  # fmt: skip


@pages.route(f"{_LEDGER}/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.LEDGER)
def new(slug: str) -> ResponseReturnValue:
    """Record a line. What breaks a rule is shown with what is lawful instead."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = _find_cluster(reading, the_scope(), slug, "edit")
        choices = _load_choices(reading, the_scope(), cluster)
    form, broken = LineForm(), Broken()
    form.offer(choices)
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                number = _record(_book(writing), cluster, form)
        except NoSuchLine:
            _nowhere("edit", slug)
        except LedgerRefused as refusal:
            broken = _broken(form, cluster, refusal)
        else:
            flask.flash("The line is recorded.")
            return flask.redirect(flask.url_for("ledger.line", slug=slug, line_id=number), 303)
    shown = _page(
        "ledger/new.html", f"Record a line in {amid(cluster.name)}", cluster=cluster, form=form, broken=broken
    )  # fmt: skip
    return shown, 422 if form.errors or form.form_errors else 200


@pages.get(_LINE)
@needs(Action.SEE, Object.LEDGER)
def line(slug: str, line_id: int) -> ResponseReturnValue:
    """One line: what it says, what proves it, what became of it."""
    return _line_page(slug, line_id)


@pages.route(f"{_LINE}/change", methods=["GET", "POST"])
@needs(Action.EDIT, Object.LEDGER)
def change(slug: str, line_id: int) -> ResponseReturnValue:
    """Change a line. Where somebody else was faster, both are shown and nothing is lost."""
    cluster, row, choices = _find_to_change(slug, line_id)
    if not row.open:
        flask.flash("This line stays as it is; what was wrong is recorded anew.", "error")
        return _back(slug, line_id)
    form, broken, meanwhile = LineForm(), Broken(), None
    form.offer(choices, row)
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                changed = _book(writing).change(
                    line_id, form.said, version_of(form.version), as_it_happened=_how() == "as_it_happened"
                )
        except NoSuchLine:
            _nowhere("edit", slug)
        except ChangedMeanwhile:
            cluster, row, choices = _find_to_change(slug, line_id)
            meanwhile = differences(row, form.said, choices)
            form.version.data = str(row.version)
        except LedgerRefused as refusal:
            broken = _broken(form, cluster, refusal)
        else:
            flask.flash("The line is changed." if changed else "Nothing was different, so nothing was changed.")
            return _back(slug, line_id)
    shown = _page(
        "ledger/change.html", f"Change line {line_id}",
        cluster=cluster, row=row, form=form, broken=broken, meanwhile=meanwhile,
    )  # fmt: skip
    if meanwhile is not None:
        return shown, 409
    return shown, 422 if form.errors or form.form_errors else 200


@pages.post(f"{_LINE}/move")
@needs(Action.EDIT, Object.LEDGER)
def move(slug: str, line_id: int) -> ResponseReturnValue:
    """Say that a line has got further, or withdraw a request."""
    _find_to_change(slug, line_id)
    form = MoveForm(prefix="move-")
    if not form.validate_on_submit():
        return _line_page(slug, line_id, form), 422
    state, reason = LineState(form.state.data), (form.note.data or "") if _how() == "as_it_happened" else None
    try:
        if reason is not None and not reason.strip():
            raise LedgerRefused("Give the reason why it is recorded as it happened.", "note")
        with access.writing(the_store(), the_scope()) as writing:
            _book(writing).move(line_id, state, version_of(form.version), reason)
    except NoSuchLine:
        _nowhere("edit", slug)
    except ChangedMeanwhile:
        return _look_again(slug, line_id)
    except LedgerRefused as refusal:
        form.refuse(refusal)
        return _line_page(slug, line_id, form, refusal), 422
    flask.flash("The request is withdrawn." if state is LineState.REVERSED else f"The line is {STATE_WORDS[state]}.")
    return _back(slug, line_id)


@pages.post(f"{_LINE}/reverse")
@needs(Action.EDIT, Object.LEDGER)
def reverse(slug: str, line_id: int) -> ResponseReturnValue:
    """Take a line back by a line of its own."""
    _find_to_change(slug, line_id)
    form = ReverseForm(prefix="reverse-")
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                back = _book(writing).reverse(line_id, form.note.data, form.on.data, version_of(form.version))
        except NoSuchLine:
            _nowhere("edit", slug)
        except ChangedMeanwhile:
            return _look_again(slug, line_id)
        except LedgerRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash(f"Line {line_id} is taken back by this line. Both stay.")
            return _back(slug, back)
    return _line_page(slug, line_id, form), 422


@pages.post(f"{_LINE}/receipts")
@needs(Action.EDIT, Object.LEDGER)
@takes_files
def attach(slug: str, line_id: int) -> ResponseReturnValue:
    """Attach a receipt."""
    _find_to_change(slug, line_id)
    form = ReceiptForm(prefix="receipt-")
    if form.validate_on_submit():
        try:
            sent = form.receipt.data
            if not sent:
                raise LedgerRefused("Choose the file of the invoice or receipt.", "receipt")
            with closing(sent):
                content = sent.read()
            with access.writing(the_store(), the_scope()) as writing:
                _book(writing).attach(line_id, sent.filename or "", content)
        except NoSuchLine:
            _nowhere("edit", slug)
        except LedgerRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The receipt is attached.")
            return _back(slug, line_id)
    return _line_page(slug, line_id, form), 422


@pages.get(f"{_LINE}/receipts/<int(max=2147483647):receipt_id>")
@needs(Action.SEE, Object.LEDGER)
def receipt(slug: str, line_id: int, receipt_id: int) -> ResponseReturnValue:
    """A receipt as a file to keep: a browser shows none of it within these pages."""
    with access.reading(the_store(), the_scope()) as reading:
        row = find_line(reading, the_scope(), line_id)
        found = find_receipt(reading, the_scope(), receipt_id)
    if row is None or row.cluster != slug or found is None or found[0].line_id != line_id:
        _nowhere("see", slug)
    about, content = found
    return flask.Response(
        content,
        mimetype=about.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{about.file_name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@pages.post(f"{_LINE}/receipts/<int(max=2147483647):receipt_id>/take-away")
@needs(Action.EDIT, Object.LEDGER)
def take_away(slug: str, line_id: int, receipt_id: int) -> ResponseReturnValue:
    """Take a receipt away that was attached by mistake today."""
    _find_to_change(slug, line_id)
    try:
        with access.writing(the_store(), the_scope()) as writing:
            if _book(writing).take_away(receipt_id) != line_id:
                raise NoSuchLine  # of another line: nothing is stored
    except NoSuchLine:
        _nowhere("edit", slug)
    except LedgerRefused as refusal:
        flask.flash(str(refusal), "error")
    else:
        flask.flash("The receipt is taken away. That it was here is noted.")
    return _back(slug, line_id)


@dataclass(frozen=True)
class Broken:
    """The rules that a line does not keep, and where it may be shared instead, how (4.9)."""

    breaches: Sequence[Breach] = ()
    split: SessionSplit | None = None
    members: Sequence[tuple[str, str, int | None, int | None]] = ()
    """Slug, name, and the school's share net and VAT; nothing where it was left out."""


def _record(book: LedgerBook, cluster: ClusterFacts, form: LineForm) -> int:
    how = _how()
    if how != "share":
        return book.record(cluster.slug, form.said, as_it_happened=how == "as_it_happened")
    split = book.split_of(cluster.slug, form.said)
    if split is not None and form.split_seen.data != _split_as_text(split, form.sharers.data or []):
        raise NotAsSeen
    return book.record_session(cluster.slug, form.said, form.sharers.data or [])


class NotAsSeen(LedgerRefused):
    """What was shown is not what would be done."""

    def __init__(self) -> None:
        super().__init__("The division below is new. Look at it, and share the invoice if it is right.", "sharers")


def _split_as_text(split: SessionSplit, sharers: Sequence[str]) -> str:
    return " ".join([str(split.net), str(split.vat), str(split.excess_net), str(split.excess_vat), *sorted(sharers)])


def _broken(form: LineForm, cluster: ClusterFacts, refusal: LedgerRefused) -> Broken:
    """What the page shows of a refusal: beside its field, or the rules and how the invoice would be shared."""
    breaches: Sequence[Breach] = refusal.breaches if isinstance(refusal, BreaksRules) else ()
    form.refuse(refusal)
    with access.reading(the_store(), the_scope()) as reading:
        book = _book(reading)
        if not breaches:
            breaches = book.breaches_of(cluster.slug, form.said)
        split = book.split_of(cluster.slug, form.said)
        if split is None or form.spent_on.data is None:
            return Broken(breaches)
        members = load_members_on(reading, cluster.id, form.spent_on.data)
    slugs = {each.school for each in members}
    sharers = [each for each in form.sharers.data or [] if each in slugs] if _how() == "share" else sorted(slugs)
    form.sharers.data = sharers
    form.split_seen.data = _split_as_text(split, sharers)
    count = max(len(sharers), 1)
    shares = iter(zip(share(split.excess_net, count), share(split.excess_vat, count), strict=True))
    return Broken(
        breaches, split,
        [(each.school, each.name, *(next(shares) if each.school in sharers else (None, None))) for each in members],
    )  # fmt: skip


def _line_page(slug: str, line_id: int, sent: LedgerForm | None = None, refusal: LedgerRefused | None = None) -> str:
    """The page of a line; `sent` is the form that came and was refused."""
    today, scope = date.today(), scope_for(the_reader(), Action.SEE, Object.LEDGER)
    with access.reading(the_store(), scope) as reading:
        row = find_line(reading, scope, line_id)
        if row is None or row.cluster != slug:
            _nowhere("see", slug)
        cluster = _find_cluster(reading, scope, slug, "see")
        receipts, story = load_receipts(reading, scope, line_id), load_story(reading, scope, line_id)
        shares = load_shares(reading, scope, line_id)
        flagged = _load_flagged(reading, scope, cluster, row, today)
    may_edit = _may_edit(cluster)
    return _page(
        "ledger/line.html", title_of(row),
        cluster=cluster, row=row, receipts=receipts, shares=shares, story=story, today=today, may_edit=may_edit,
        year=AcademicYear(row.year), next_states=NEXT_STATES[row.state] if row.open and may_edit else (),
        flagged=flagged, breaches=refusal.breaches if isinstance(refusal, BreaksRules) else (),
        move=_sent(sent, MoveForm) or MoveForm(formdata=None, prefix="move-"),
        reverse=_sent(sent, ReverseForm) or ReverseForm(formdata=None, prefix="reverse-", on=today),
        receipt=_sent(sent, ReceiptForm) or ReceiptForm(formdata=None, prefix="receipt-"),
        sent=sent, tell=tell_event,
    )  # fmt: skip


def _load_flagged(reading: Session, scope: Scope, cluster: ClusterFacts, row: LineRow, today: date) -> Sequence[Breach]:
    """The rules that a stored line does not keep, as its flags say it."""
    years = cluster_years(scope, today, year=AcademicYear(row.year), cluster_id=cluster.id)
    rule_sets = load_rule_sets(reading)
    pots = load_pots(reading, scope, years, rule_sets)
    lines = load_lines_to_check(reading, scope, years, rule_sets, today, pots)
    broken = breaches_of(list(lines.itertuples()), list(pots.itertuples()), today, cluster.rules)
    return [breach for line, breach in broken if line.line_id == row.line_id]


def _sent(form: LedgerForm | None, kind: type[LedgerForm]) -> LedgerForm | None:
    return form if isinstance(form, kind) else None


def _load_choices(reading: Session, scope: Scope, cluster: ClusterFacts) -> Choices:
    return Choices(
        cluster.whole,
        load_schools_to_choose(reading, scope, cluster.id),
        load_meetings_to_choose(reading, scope, cluster.id),
        load_targets_to_choose(reading, scope, cluster.id),
        load_requests_to_choose(reading, scope, cluster.id),
    )


def _page(template: str, title: str, **values: Any) -> str:
    """A page of one cluster; a bursar sees no page of the cluster itself, and gets no way to it."""
    sees_cluster = not scope_for(the_reader(), Action.SEE, Object.CLUSTER).empty
    return page(template, title, sees_cluster=sees_cluster, **values, **_WORDS)


def _find_cluster(reading: Session, scope: Scope, slug: str, action: str) -> ClusterFacts:
    """The cluster of an address; what is another's answers like what is not there."""
    found = find_cluster(reading, scope, slug) if slug.isprintable() else None
    if found is None:
        _nowhere(action, slug)
    return found


def _find_to_change(slug: str, line_id: int) -> tuple[ClusterFacts, LineRow, Choices]:
    with access.reading(the_store(), the_scope()) as reading:
        row = find_line(reading, the_scope(), line_id)
        if row is None or row.cluster != slug:
            _nowhere("edit", slug)
        cluster = _find_cluster(reading, the_scope(), slug, "edit")
        return cluster, row, _load_choices(reading, the_scope(), cluster)


def _may_edit(cluster: ClusterFacts) -> bool:
    """Whether the reader records lines here: of the cluster, or of a school of their own that belongs to it."""
    scope = scope_for(the_reader(), Action.EDIT, Object.LEDGER)
    return scope.holds(cluster.id, cluster.programme_id) or (bool(scope.school_ids) and not cluster.whole)


def _book(session: Session) -> LedgerBook:
    return LedgerBook(session, the_actor(), scope_for(the_reader(), Action.EDIT, Object.LEDGER), date.today())


def _how() -> str:
    """Which button of a form was pressed."""
    return request.form.get("how", "")


def _page_asked() -> int:
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 6 and 1 <= int(number) <= MOST_PAGES):
        flask.abort(404)
    return int(number)


def _look_again(slug: str, line_id: int) -> ResponseReturnValue:
    flask.flash(
        "Somebody else changed this line meanwhile. This is how it is now; nothing of yours was stored.", "error"
    )
    return _back(slug, line_id)


def _back(slug: str, line_id: int) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("ledger.line", slug=slug, line_id=line_id), 303)


def _nowhere(action: str, slug: str) -> NoReturn:
    not_there(action, Object.LEDGER, slug)
