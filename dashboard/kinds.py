"""What kinds of requests, contributions and money from outside are called: the same on the page where they are kept, in
the ledger and on the money page.
"""

from collections.abc import Mapping
from typing import Final

from dashboard.vocabulary import ContributionKind, OutsideKind, OutsideState, RequestKind

REQUESTS: Final[Mapping[RequestKind, str]] = {
    RequestKind.EXTRA_TIME: "Extra organising time",
    RequestKind.TRAVEL: "Travel",
    RequestKind.JOINING: "A school that would like to join",
    RequestKind.SABBATICAL: "A sabbatical",
    RequestKind.OTHER: "Something else",
}
CONTRIBUTIONS: Final[Mapping[ContributionKind, str]] = {
    ContributionKind.LEVY: "Levy",
    ContributionKind.CPD_EXCESS: "Share of a session",
    ContributionKind.CASH: "Other money",
    ContributionKind.RELEASE_IN_KIND: "Release in kind",
    ContributionKind.TIME_IN_KIND: "Time in kind",
}
OUTSIDE: Final[Mapping[OutsideKind, str]] = {
    OutsideKind.GRANT: "Grant",
    OutsideKind.AWARD: "Award",
    OutsideKind.SPONSORSHIP: "Sponsorship",
    OutsideKind.CHARITY: "Raised for charity",
}
OUTSIDE_STATES: Final[Mapping[OutsideState, str]] = {
    OutsideState.APPLIED: "applied for",
    OutsideState.WON: "won",
    OutsideState.DECLINED: "declined",
    OutsideState.RAISED: "raised",
}
