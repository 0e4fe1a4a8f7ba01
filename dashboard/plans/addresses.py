"""Where the pages of a plan stand."""

from urllib.parse import quote

from dashboard.academic_year import AcademicYear


def plan_address(cluster: str, year: AcademicYear, *, page: str = "") -> str:
    """The plan of a cluster (by its slug) in a year, or one of the pages under it."""
    return f"/cluster/{cluster}/plan{page and f'/{page}'}?year={year}"


def target_address(cluster: str, year: AcademicYear, code: str, criterion: int | None = None) -> str:
    """The page of a target; of one of its success criteria, by its place in the target from 1 on."""
    at = f"#criterion-{criterion}" if criterion is not None else ""
    return f"{plan_address(cluster, year, page=quote(code, safe=''))}{at}"
