"""The pages of requests: the inbox and the precedents, a new request, and one with its decision (4.17, 4.26)."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, scope_for
from dashboard.ages import Band, band_called
from dashboard.approvals import sentences
from dashboard.approvals.checks import ABOUT_MONEY, NoSuchRequest, RequestRefused
from dashboard.approvals.commands import RequestBook
from dashboard.approvals.forms import AskForm, DecideForm, RequestForm, WithdrawForm
from dashboard.approvals.queries import (
    RequestFacts,
    find_request,
    find_used,
    load_requests,
    load_used_lines,
)
from dashboard.approvals.words import ABOUT, LOOKS, STATES
from dashboard.db import Session
from dashboard.directory.members import load_members_of_day
from dashboard.directory.queries import ClusterFacts, find_whole_cluster, load_own_places
from dashboard.kinds import REQUESTS
from dashboard.money import pounds
from dashboard.vocabulary import RequestKind, RequestState
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, money

ON_A_PAGE: Final = 100
MOST_PAGES: Final = 1_000
MOST_BUTTONS: Final = 6
"""So many own clusters get a button of their own."""
MOST_WORDS: Final = 8
PRECEDENTS: Final = 5
"""So many decided cases of the same kind stand beside a request that waits."""
_STATES: Final = {
    "waiting": (RequestState.WAITING,),
    "decided": (RequestState.APPROVED, RequestState.DECLINED),
    "withdrawn": (RequestState.WITHDRAWN,),
}
_ID: Final = "<int(max=2147483647):request_id>"

pages = Blueprint("approvals", __name__, template_folder="templates")


class Search(NamedTuple):
    """What the query string asks for."""

    state: str
    number: int
    kind: RequestKind | None
    text: str
    age: Band | None = None
    """For how long they have been waiting; of those that wait alone."""

    @property
    def query(self) -> dict[str, Any]:
        """The same as an address says it, but for the page."""
        return {
            "state": None if self.state == "waiting" else self.state, "kind": self.kind and self.kind.value,
            "q": self.text or None, "age": self.age and self.age.name,
        }  # fmt: skip


@pages.get("/requests")
@needs(Action.SEE, Object.REQUESTS)
def inbox() -> ResponseReturnValue:
    """What waits in the reader's clusters, the oldest first; or what was decided there, to be searched."""
    return _list_page(None)


@pages.get("/cluster/<slug>/requests")
@needs(Action.SEE, Object.REQUESTS)
def of_cluster(slug: str) -> ResponseReturnValue:
    """The requests of one cluster."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
    if cluster is None:
        _not_there("see", slug)
    return _list_page(cluster)


def _list_page(about: ClusterFacts | None) -> str:
    today, search = date.today(), _search()
    with access.reading(the_store(), the_scope()) as reading:
        rows = load_requests(
            reading, the_scope(), states=_STATES[search.state], cluster=about.slug if about else None,
            kind=search.kind, words=search.text.split()[:MOST_WORDS], most=ON_A_PAGE,
            asked=search.age.days(today) if search.age else (None, None),
            skip=(search.number - 1) * ON_A_PAGE,
        )  # fmt: skip
        may_ask = _clusters_to_ask_for(reading, about)
    found, first_on = (rows[0].found, rows[0].first_on) if rows else (0, None)
    filtered = bool(search.text or search.kind or search.age)
    waiting = search.state == "waiting"
    return page(
        "approvals/list.html",
        f"Requests of {amid(about.name)}" if about else "Requests",
        headline=sentences.say_waiting(found, first_on, today)
        if waiting
        else sentences.say_found(search.state, found, filtered=filtered),
        rows=rows, search=search, waiting=waiting, filtered=filtered, about=about, may_ask=may_ask, today=today,
        states=list(_STATES), kinds=REQUESTS, called=STATES, looks=LOOKS, say=sentences, money=money,
        last=max(1, -(-found // ON_A_PAGE)), on_a_page=ON_A_PAGE,
    )  # fmt: skip


def _clusters_to_ask_for(reading: Session, chosen: ClusterFacts | None) -> list[tuple[str, str]]:
    """Slug and name of the clusters for which there is a button: the chosen one, else the reader's own."""
    scope = scope_for(the_reader(), Action.EDIT, Object.REQUESTS)
    if chosen is not None:
        holds = scope.holds(chosen.id, chosen.programme_id)
        return [(chosen.slug, chosen.name)] if holds else []
    if not scope.cluster_ids:
        return []
    own = [(each.slug, each.name) for each in load_own_places(reading, scope) if each.kind == "cluster"]
    return own[:MOST_BUTTONS]


@pages.route("/cluster/<slug>/requests/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.REQUESTS)
def ask(slug: str) -> ResponseReturnValue:
    """Ask the advisor for something, about a member or the cluster as a group."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
        members = load_members_of_day(reading, the_scope(), cluster.id, date.today()) if cluster else []
    if cluster is None:
        _not_there("edit", slug)
    form = AskForm()
    form.offer(members, request.args.get("kind"), request.args.get("school"))
    if form.validate_on_submit():
        try:
            said = form.said
            with access.writing(the_store(), the_scope()) as writing:
                number = _book(writing).ask(cluster.slug, said)
        except NoSuchRequest:
            _not_there("edit", slug)
        except RequestRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The request is sent. It waits for the advisor’s decision.")
            return flask.redirect(flask.url_for("approvals.show", request_id=number), 303)
    shown = page("approvals/new.html", f"Ask for {amid(cluster.name)}", form=form, cluster=cluster, about=ABOUT)
    return shown, 422 if form.errors else 200


@pages.get(f"/request/{_ID}")
@needs(Action.SEE, Object.REQUESTS)
def show(request_id: int) -> ResponseReturnValue:
    """One request: what was asked, what was decided, and what was spent against it."""
    return _request_page(request_id)


@pages.post(f"/request/{_ID}/withdraw")
@needs(Action.EDIT, Object.REQUESTS)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request back that nobody has decided yet."""
    return _change(
        request_id, WithdrawForm(), "The request is withdrawn.", lambda book, _form: book.withdraw(request_id)
    )


@pages.post(f"/request/{_ID}/decide")
@needs(Action.EDIT, Object.APPROVALS)
def decide(request_id: int) -> ResponseReturnValue:
    """Approve or decline a request."""
    return _change(
        request_id, DecideForm(), "The decision is stored.", lambda book, form: book.decide(request_id, form.said)
    )


def _change(
    request_id: int, form: RequestForm, done: str, do: Callable[[RequestBook, Any], None]
) -> ResponseReturnValue:
    """Do what a form asks for and go back to the request, or show there what is wrong."""
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                do(_book(writing), form)
        except NoSuchRequest:
            _not_there("edit", f"request {request_id}")
        except RequestRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash(done)
            return flask.redirect(flask.url_for("approvals.show", request_id=request_id), 303)
    return _request_page(request_id, form), 422


def _request_page(request_id: int, sent: RequestForm | None = None) -> str:
    """The page of a request; `sent` is the form that came and was refused."""
    today, reader = date.today(), the_reader()
    scope = scope_for(reader, Action.SEE, Object.REQUESTS)
    with access.reading(the_store(), scope) as reading:
        facts = find_request(reading, scope, request_id)
        cluster = find_whole_cluster(reading, scope, facts.cluster) if facts else None
        used = find_used(reading, scope, request_id)
        lines = load_used_lines(reading, scope, request_id)
        like = (
            load_requests(reading, scope, states=_STATES["decided"], kind=facts.kind, most=PRECEDENTS)
            if facts and facts.state is RequestState.WAITING
            else []
        )
    if facts is None or cluster is None:
        _not_there("see", f"request {request_id}")

    def may(thing: Object) -> bool:
        return scope_for(reader, Action.EDIT, thing).holds(cluster.id, cluster.programme_id)

    waits = facts.state is RequestState.WAITING
    return page(
        "approvals/request.html",
        f"{REQUESTS[facts.kind]}: request of {amid(facts.cluster_name)}",
        facts=facts, today=today, used=used, lines=lines, like=like,
        headlines=_headlines(facts, used.spent if used else 0, used.committed if used else 0, today),
        may_withdraw=waits and may(Object.REQUESTS), may_decide=waits and may(Object.APPROVALS),
        may_ask=may(Object.REQUESTS), leads_on=_leads_on(facts) if may(Object.LIFECYCLE) else None,
        decide=sent if isinstance(sent, DecideForm) else _decision(facts, today), problem=sent,
        kinds=REQUESTS, called=STATES, looks=LOOKS, say=sentences, money=money, about_money=facts.kind in ABOUT_MONEY,
    )  # fmt: skip


def _headlines(facts: RequestFacts, spent: int, committed: int, today: date) -> list[str]:
    told = [sentences.say_state(facts.state, facts.asked_on, facts.decided_on, today)]
    granted = sentences.say_granted(facts.amount, facts.granted)
    if granted:
        told.append(granted)
    if facts.kind in ABOUT_MONEY and (facts.state is RequestState.APPROVED or spent or committed):
        told.append(sentences.say_left(facts.granted, spent, committed))
    return told


def _leads_on(facts: RequestFacts) -> tuple[str, str] | None:
    """The page that does what was approved, and its words: an approval alone changes nothing else."""
    if facts.state is not RequestState.APPROVED:
        return None
    events = f"/cluster/{facts.cluster}/events"
    if facts.kind is RequestKind.JOINING:
        return f"{events}?new=joined", "Record that the school joins"
    if facts.kind is RequestKind.SABBATICAL:
        return f"{events}?new=sabbatical&school={facts.school}", "Record the sabbatical"
    return None


def _decision(facts: RequestFacts, today: date) -> DecideForm:
    amount = pounds(facts.amount) if facts.amount is not None else ""
    return DecideForm(formdata=None, decided_on=today, granted=amount)


def _book(writing: Session) -> RequestBook:
    return RequestBook(writing, the_actor(), the_scope(), date.today())


def _search() -> Search:
    """What the query string asks for. What is no such state, kind or page is nowhere."""
    state, number = request.args.get("state", "waiting"), request.args.get("page", "1")
    kind, text = request.args.get("kind", ""), " ".join(request.args.get("q", "").split())[:200]
    is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(MOST_PAGES))
    if state not in _STATES or not (is_number and 1 <= int(number) <= MOST_PAGES) or not text.isprintable():
        flask.abort(404)
    if kind and kind not in set(RequestKind):
        flask.abort(404)
    age = band_called(request.args.get("age"))
    if age is None and request.args.get("age"):
        flask.abort(404)
    return Search(
        state, int(number), RequestKind(kind) if kind else None, text, age if state == "waiting" else None
    )  # fmt: skip


def _not_there(action: str, what: str) -> NoReturn:
    not_there(action, Object.REQUESTS, what)
