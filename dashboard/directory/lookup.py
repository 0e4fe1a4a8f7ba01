"""Finds the cluster or school that a file names. Never merges by itself: a near name is offered, not taken (1.10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.models import Cluster, Membership, School, SchoolAlias, Trust, TrustMembership
from dashboard.naming import slug

_MOST_GUESSES: Final = 30
"""Near names are looked for this often; a file of strangers needs its mapping, not ten thousand guesses."""


class NotFound(ValueError):
    """Nothing, or more than one thing, goes by a name. The text says so, and names what comes near."""


class Directory:
    """Every cluster, school, membership and confirmed alias, loaded once, so that a row of a file costs no query."""

    def __init__(self, session: Session, aliases: Mapping[str, str] | None = None) -> None:
        self._aliases = {slug(printed): name for printed, name in (aliases or {}).items()}
        self._guesses = 0
        self.clusters: dict[str, Cluster] = {row.slug: row for row in session.scalars(sa.select(Cluster))}
        self.schools: dict[int, School] = {}
        self.by_slug: dict[str, School] = {}
        self.by_urn: dict[int, School] = {}
        self._by_name: defaultdict[str, list[School]] = defaultdict(list)
        self.spells: defaultdict[tuple[int, int], list[Membership]] = defaultdict(list)
        self._members: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self._clusters_of: defaultdict[int, set[int]] = defaultdict(set)
        self._confirmed: dict[tuple[int, str], int] = {}
        self.trusts: dict[str, Trust] = {row.slug: row for row in session.scalars(sa.select(Trust))}
        self.in_trust: dict[int, TrustMembership] = {
            row.school_id: row
            for row in session.scalars(sa.select(TrustMembership).where(TrustMembership.left.is_(None)))
        }
        for school in session.scalars(sa.select(School).order_by(School.id)):
            self.remember_school(school)
        for spell in session.scalars(sa.select(Membership).order_by(Membership.id)):
            self.remember_spell(spell)
        for alias in session.scalars(sa.select(SchoolAlias).where(SchoolAlias.confirmed_at.is_not(None))):
            self.remember_alias(alias)

    def remember_school(self, school: School) -> None:
        """Take in a school that has an id."""
        self.schools[school.id] = school
        self.by_slug[school.slug] = school
        self.remember_names(school)

    def remember_names(self, school: School) -> None:
        """Take in the name and URN a school was given."""
        if school not in self._by_name[slug(school.name)]:
            self._by_name[slug(school.name)].append(school)
        if school.urn is not None:
            self.by_urn[school.urn] = school

    def remember_spell(self, spell: Membership) -> None:
        """Take in a time of membership."""
        self.spells[spell.cluster_id, spell.school_id].append(spell)
        self._members[spell.cluster_id][spell.school_id] = None
        self._clusters_of[spell.school_id].add(spell.cluster_id)

    def remember_alias(self, alias: SchoolAlias) -> None:
        """Take in a name that a person has confirmed; that it is no member's name helps nobody to find a school."""
        if alias.school_id is not None:
            self._confirmed[alias.cluster_id, slug(alias.alias)] = alias.school_id

    def members(self, cluster: Cluster) -> list[School]:
        """The schools that are or were members of a cluster."""
        return [self.schools[school_id] for school_id in self._members[cluster.id]]

    def named(self, name: str) -> list[School]:
        """Every school of a name, near or far."""
        return list(self._by_name[slug(name)])

    def in_no_cluster(self, schools: Iterable[School]) -> list[School]:
        """Those of the schools that never were in a cluster."""
        return [school for school in schools if not self._clusters_of[school.id]]

    def clusters_of(self, school: School) -> list[Cluster]:
        """The clusters a school is or was in."""
        return [cluster for cluster in self.clusters.values() if cluster.id in self._clusters_of[school.id]]

    def find_cluster(self, text: str) -> Cluster | None:
        """The cluster of a slug or a name; None when there is none."""
        name = self._aliases.get(slug(text), text)
        exact = self.clusters.get(name)
        if exact is not None:
            return exact
        same = [cluster for cluster in self.clusters.values() if slug(cluster.name) == slug(name)]
        if len(same) > 1:
            raise NotFound(f"“{text}” is the name of {len(same)} clusters; give the slug of one")
        return same[0] if same else self.clusters.get(slug(name))

    def cluster(self, text: str) -> Cluster:
        """The cluster of a slug or a name. Raises NotFound with what comes near."""
        found = self.find_cluster(text)
        if found is None:
            near = self._near(text, [cluster.name for cluster in self.clusters.values()])
            raise NotFound(f"there is no cluster “{text}”{near}")
        return found

    def find_school(self, text: str, cluster: Cluster | None = None) -> School | None:
        """The school of a slug, a URN or a name: among the members when a cluster is given; None when there is none.

        A name or address counts without regard to case, punctuation and a leading "the". Raises NotFound when more
        than one school goes by it.
        """
        name = self._aliases.get(slug(text), text).strip()
        within = None if cluster is None else self._members[cluster.id]
        for exact in (self.by_slug.get(name), self.by_urn.get(int(name)) if _is_urn(name) else None):
            if exact is not None and (within is None or exact.id in within):
                return exact
        same = [school for school in self._by_name.get(slug(name), ()) if within is None or school.id in within]
        if len(same) > 1:
            addresses = ", ".join(school.slug for school in same)
            raise NotFound(f"“{text}” is the name of {len(same)} schools; give the URN or one of {addresses}")
        if same:
            return same[0]
        confirmed = self._confirmed.get((cluster.id, slug(name))) if cluster is not None else None
        return self.schools[confirmed] if confirmed is not None else None

    def school(self, text: str, cluster: Cluster | None = None) -> School:
        """The school of a slug, a URN or a name. Raises NotFound with what comes near, or where the school belongs."""
        found = self.find_school(text, cluster)
        if found is not None:
            return found
        if cluster is None:
            raise NotFound(f"there is no school “{text}”{self._near(text, [s.name for s in self.schools.values()])}")
        elsewhere = self.named(self._aliases.get(slug(text), text))
        where = sorted({each.name for school in elsewhere for each in self.clusters_of(school)})
        hint = f"; a school of that name is in {', '.join(where)}" if where else ""
        near = self._near(text, [school.name for school in self.members(cluster)])
        raise NotFound(f"“{text}” is no member of {cluster.name}{near}{hint}")

    def _near(self, text: str, names: list[str]) -> str:
        self._guesses += 1
        if self._guesses > _MOST_GUESSES:
            return ""
        by_slug = {slug(name): name for name in names}
        close = [by_slug[each] for each in get_close_matches(slug(text), by_slug, n=3, cutoff=0.6)]
        return f"; did you mean {' or '.join(f'“{name}”' for name in close)}?" if close else ""


def _is_urn(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 5 <= len(text) <= 7
