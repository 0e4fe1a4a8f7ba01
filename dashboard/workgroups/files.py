"""A return as the file that it can be read from again."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from dashboard.naming import slug
from dashboard.workgroups.versions import ReturnLine
from dashboard.workgroups.words import role_words, year_figures

COLUMNS = ("cluster", "school", "name", "work_email", "roles", "year_groups", "from", "to", "replaces")


def as_file(cluster: str, lines: Sequence[ReturnLine]) -> pd.DataFrame:
    """The lines of a version of a cluster's return under the columns of the import.

    A school goes by its name, or where another of the same name is beside it by its address.
    """
    named = Counter(slug(name) for _, name in {(line.slug, line.school) for line in lines})
    rows = [
        (
            cluster, line.school if named[slug(line.school)] == 1 else line.slug, line.name, line.work_email,
            role_words(line.roles), year_figures(line.year_groups) or None, line.starts, line.ends, line.replaces,
        )
        for line in lines
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
