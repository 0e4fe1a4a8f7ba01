"""What every importer asks of the directory: which cluster a row is about, and which school, made if that was asked."""

from dashboard.directory.commands import define_cluster, define_school, set_membership
from dashboard.directory.lookup import Directory, NotFound
from dashboard.intake.cells import LONGEST_NAME, limited_text
from dashboard.intake.pipeline import Job
from dashboard.intake.problems import Refused
from dashboard.intake.reader import RowReader
from dashboard.intake.tables import show
from dashboard.models import Cluster, School
from dashboard.naming import slug

_check_length = limited_text(LONGEST_NAME)


class Finder:
    """Finds clusters and schools for the rows of one job, and makes them with --create-missing."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.directory = Directory(job.session, job.mapping.aliases)
        self._asked = self._cluster_asked_for()
        job.changes.cluster_id = self._asked.id if self._asked else None

    def cluster(self, row: RowReader | None = None) -> Cluster | None:
        """The cluster a row is about: the one that was asked for, else the one the row names.

        A row that names another cluster than the one asked for is wrong. None when a problem was noted.
        """
        written = show(row.cell("cluster")) if row is not None else ""
        if row is None or (not written and self._asked is not None):
            if self._asked is None:
                raise Refused.because("say which cluster this file is about, with --cluster")
            return self._asked
        if not written:
            row.refuse("cluster", "say which cluster: fill in a column “cluster”, or name one with --cluster")
            return None
        try:
            found = self._cluster(written)
        except ValueError as error:
            row.refuse("cluster", str(error))
            return None
        if self._asked is not None and found is not self._asked:
            row.refuse("cluster", f"this row is about {found.name}, but --cluster says {self._asked.name}")
            return None
        return found

    def school(self, row: RowReader, cluster: Cluster, meaning: str = "school") -> School | None:
        """The member a row names; None when it names none, or a problem was noted."""
        written = show(row.cell(meaning))
        return self.member(row, cluster, written, meaning) if written else None

    def member(self, row: RowReader, cluster: Cluster, written: str, meaning: str) -> School | None:
        """The member of a name that stands in a row, perhaps beside others; None when a problem was noted."""
        try:
            found = self.directory.find_school(written, cluster)
            if found is None and self._job.options.create_missing:
                return self._make_member(row, cluster, written, meaning)
            return found or self.directory.school(written, cluster)
        except ValueError as error:
            row.refuse(meaning, str(error))
            return None

    def _cluster(self, written: str) -> Cluster:
        found = self.directory.find_cluster(written)
        if found is None and self._job.options.create_missing:
            return define_cluster(self._job.changes, self.directory, _check_length(written))[0]
        return found or self.directory.cluster(written)

    def _cluster_asked_for(self) -> Cluster | None:
        asked = self._job.options.cluster
        if asked is None:
            return None
        found = self.directory.find_cluster(asked)
        if found is not None:
            return found
        if not self._job.options.create_missing:
            try:
                return self.directory.cluster(asked)
            except NotFound as error:
                raise Refused.because(f"{error} (use --create-missing to make it)") from error
        name = " ".join(word.capitalize() for word in asked.split("-"))
        if slug(name) != asked or len(asked) > LONGEST_NAME:
            raise Refused.because(f"“{asked}” is not a slug; it would be “{slug(asked)}”")
        return define_cluster(self._job.changes, self.directory, name)[0]

    def _make_member(self, row: RowReader, cluster: Cluster, written: str, meaning: str) -> School:
        # A school that stands alone under this name is the one meant. One that belongs elsewhere may only share
        # the name (St Joseph's occurs 56 times in England), so a second school is made, and that is said.
        namesakes = self.directory.named(written)
        alone = self.directory.in_no_cluster(namesakes)
        if len(alone) == 1:
            school = alone[0]
        else:
            school, _ = define_school(self._job.changes, self.directory, _check_length(written))
            for namesake in namesakes:
                elsewhere = ", ".join(each.name for each in self.directory.clusters_of(namesake))
                sentence = f"made a second school “{written}”; the first ({namesake.slug}) is in {elsewhere}"
                self._job.warn(row.problem(meaning, sentence))
        set_membership(self._job.changes, self.directory, cluster, school)
        return school
