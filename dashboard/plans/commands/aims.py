"""Writes about the aims of a cluster: one at a time, each with its event.

Nothing here touches the words of a target or its history. Events hold days, years and numbers, never a text.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.models import Aim, AimWording, Cluster, Target, TargetAim
from dashboard.plans.aim_words import AimRefused, AimText, NoSuchAim, check_aim
from dashboard.plans.likeness import same_words


class AimBook:
    """The aims of the clusters of a scope, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def add(self, cluster: str, said: AimText) -> int:
        """A new aim of a cluster (its slug), after the others; gives its number."""
        cluster_id = self._session.scalar(
            sa.select(Cluster.id).where(Cluster.slug == cluster, Cluster.id.in_(visible_clusters(self._scope)))
        )
        if cluster_id is None:
            raise NoSuchAim
        said, aims = check_aim(said, self._today), self._aims(cluster_id)
        self._check_new(aims, said.text)
        aim = Aim(cluster_id=cluster_id, position=_after(aims), text=said.text)
        aim.agreed_on, aim.first_year, aim.last_year = said.agreed_on, said.first_year, said.last_year
        self._session.add(aim)
        self._session.flush()
        self._tell("add", aim)
        return aim.id

    def change(self, aim_id: int, said: AimText) -> None:
        """Other words, day or years. The words that stood there stay a wording of it, so that plans find it by them."""
        aim, aims = self._aim(aim_id)
        said, before = check_aim(said, self._today), _quoted(aim)
        reworded = same_words(said.text) != same_words(aim.text)
        if reworded:
            self._check_new([each for each in aims if each is not aim], said.text)
            known = self._wordings([aim.id])
            for row in known:
                if row.confirmed_by is not None and same_words(row.wording) == same_words(said.text):
                    self._session.delete(row)
            self._confirm(aim.id, aim.text, known)
        aim.text, aim.agreed_on = said.text, said.agreed_on
        aim.first_year, aim.last_year = said.first_year, said.last_year
        aim.changed_by_hand()
        self._tell("reword" if reworded else "change", aim, before)

    def move(self, aim_id: int, *, up: bool) -> None:
        """One place up or down among the aims of its cluster; the first does not go further up."""
        aim, aims = self._aim(aim_id)
        place = aims.index(aim) + (-1 if up else 1)
        if not 0 <= place < len(aims):
            return
        before, other = _quoted(aim), aims[place]
        there, here = other.position, aim.position
        aim.position = 0  # no two aims have the same place, not for a moment
        self._session.flush()
        other.position = here
        self._session.flush()
        aim.position = there
        self._tell("move", aim, before)

    def remove(self, aim_id: int) -> None:
        """Take out an aim that no target of any year serves, such as one written by mistake."""
        aim, _ = self._aim(aim_id)
        if self._links([aim.id]):
            raise AimRefused(
                "Targets serve this aim, so it stays. Give it a last year if it no longer holds, or say which aim it "
                "is another wording of."
            )
        before = _quoted(aim)
        for row in self._wordings([aim.id]):
            self._session.delete(row)
        self._session.flush()
        self._session.delete(aim)
        self._tell("remove", aim, before, gone=True)

    def join(self, keep_id: int, other_id: int) -> int:
        """Two wordings of one aim (2.3): the targets of the other serve the one that is kept, whose number it gives
        back; the other becomes a wording of it.
        """
        keep, aims = self._aim(keep_id)
        other = next((each for each in aims if each.id == other_id), None)
        if other is None:
            raise NoSuchAim
        if other is keep:
            raise AimRefused("An aim is no other wording of itself; choose another one.")
        before, serving = {"position": other.position}, set(self._serving(keep.id))
        links = self._links([other.id])
        for link in links:
            # Moved where it stands: a batch that brought it can still be undone.
            if link.target_id in serving:
                self._session.delete(link)
            else:
                link.aim_id = keep.id
        for row in self._wordings([other.id]):
            row.aim_id = keep.id
        self._session.flush()
        words = other.text
        self._session.delete(other)
        self._session.flush()
        self._confirm(keep.id, words, self._wordings([keep.id]))
        self._forget_apart(keep)
        self._tell("join", keep, before, targets=len(links))
        return keep.id

    def keep_apart(self, first_id: int, second_id: int) -> None:
        """Two aims, however alike: nobody is asked again."""
        first, aims = self._aim(first_id)
        second = next((each for each in aims if each.id == second_id and each is not first), None)
        if second is None:
            raise NoSuchAim
        self._decline(first.id, second.text)
        self._tell("keep apart", first, {"position": second.position})

    def part(self, wording_id: int) -> int:
        """They are two after all: a wording is an aim of its own again, served by the targets that say it; gives its
        number.
        """
        row = self._session.get(AimWording, wording_id)
        aim, aims = self._aim(row.aim_id if row is not None and row.confirmed_by is not None else -1)
        if row is None:
            raise NoSuchAim
        text = row.wording
        self._session.delete(row)
        made = Aim(cluster_id=aim.cluster_id, position=_after(aims), text=text, illustrative=aim.illustrative)
        self._session.add(made)
        self._session.flush()
        self._decline(aim.id, text)
        moved = self._share_out(aim, made)
        self._tell("part", made, {"position": aim.position}, targets=moved)
        return made.id

    def _share_out(self, aim: Aim, made: Aim) -> int:
        """Give the targets that say the words of an aim that was a wording to it; how many there are."""
        mine = {same_words(aim.text)} | {
            same_words(row.wording) for row in self._wordings([aim.id]) if row.confirmed_by is not None
        }
        rows = self._session.execute(
            sa.select(TargetAim, Target.cell_aims)
            .join(Target, Target.id == TargetAim.target_id)
            .where(TargetAim.aim_id == aim.id)
            .order_by(TargetAim.id)
        )
        moved = 0
        for link, cell in rows.all():
            said = {same_words(line.text) for line in cell or ()}
            if same_words(made.text) not in said:
                continue
            moved += 1
            if said & mine:
                self._session.add(TargetAim(target_id=link.target_id, aim_id=made.id))
            else:
                link.aim_id = made.id
        return moved

    def _aims(self, cluster_id: int) -> list[Aim]:
        """All aims of a cluster in order; nobody else changes them meanwhile."""
        aims = sa.select(Aim).where(Aim.cluster_id == cluster_id, Aim.cluster_id.in_(visible_clusters(self._scope)))
        return list(self._session.scalars(aims.order_by(Aim.position, Aim.id).with_for_update()))

    def _aim(self, aim_id: int) -> tuple[Aim, list[Aim]]:
        """The aim of a number, if it is within the scope, and all aims of its cluster."""
        cluster_id = self._session.scalar(sa.select(Aim.cluster_id).where(Aim.id == aim_id))
        aims = self._aims(cluster_id) if cluster_id is not None else []
        aim = next((each for each in aims if each.id == aim_id), None)
        if aim is None:
            raise NoSuchAim
        return aim, aims

    def _check_new(self, others: list[Aim], text: str) -> None:
        """Refuse words that another aim of the cluster has, or had: an import would not know which one is meant."""
        words = same_words(text)
        taken = next((each for each in others if same_words(each.text) == words), None)
        if taken is None:
            rows = self._wordings([each.id for each in others])
            known = {row.aim_id for row in rows if row.confirmed_by is not None and same_words(row.wording) == words}
            taken = next((each for each in others if each.id in known), None)
        if taken is not None:
            raise AimRefused(f"These are the words of aim {taken.position} already; choose others.", "text")

    def _wordings(self, aim_ids: Iterable[int]) -> list[AimWording]:
        found = sa.select(AimWording).where(AimWording.aim_id.in_(list(aim_ids))).order_by(AimWording.id)
        return list(self._session.scalars(found))

    def _links(self, aim_ids: Iterable[int]) -> list[TargetAim]:
        found = sa.select(TargetAim).where(TargetAim.aim_id.in_(list(aim_ids))).order_by(TargetAim.id)
        return list(self._session.scalars(found))

    def _serving(self, aim_id: int) -> list[int]:
        return [link.target_id for link in self._links([aim_id])]

    def _confirm(self, aim_id: int, wording: str, known: list[AimWording]) -> None:
        there = {same_words(row.wording) for row in known if row.confirmed_by is not None}
        if same_words(wording) not in there:
            self._session.add(AimWording(aim_id=aim_id, wording=wording, confirmed_by=self._actor.known_as))
            self._session.flush()

    def _decline(self, aim_id: int, wording: str) -> None:
        there = {same_words(row.wording) for row in self._wordings([aim_id]) if row.declined_by is not None}
        if same_words(wording) not in there:
            self._session.add(AimWording(aim_id=aim_id, wording=wording, declined_by=self._actor.known_as[:60]))
            self._session.flush()

    def _forget_apart(self, aim: Aim) -> None:
        """What was said of two that are one now no longer holds."""
        rows = self._wordings([aim.id])
        words = {same_words(aim.text), *(same_words(row.wording) for row in rows if row.confirmed_by is not None)}
        for row in rows:
            if row.declined_by is not None and same_words(row.wording) in words:
                self._session.delete(row)

    def _tell(
        self, action: str, aim: Aim, before: dict[str, Any] | None = None, *, gone: bool = False, **more: Any
    ) -> None:
        after = None if gone else {**_quoted(aim), **more}
        number, cluster_id = aim.id, aim.cluster_id
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "aim", number, cluster_id=cluster_id, before=before, after=after
        )


def _after(aims: list[Aim]) -> int:
    return max((each.position for each in aims), default=0) + 1


def _quoted(aim: Aim) -> dict[str, Any]:
    names = ("position", "agreed_on", "first_year", "last_year")
    return audit.quote(aim, {name: getattr(aim, name) for name in names})
