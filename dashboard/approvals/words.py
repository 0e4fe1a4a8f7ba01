"""What requests and their states are called."""

from collections.abc import Mapping
from typing import Final

from dashboard.vocabulary import RequestKind, RequestState

ABOUT: Final[Mapping[RequestKind, str]] = {
    RequestKind.EXTRA_TIME: "Organising time beyond the allowance, paid from the joint pot, is approved first (4.17).",
    RequestKind.TRAVEL: "Travel is decided case by case (4.26).",
    RequestKind.JOINING: "Whether a school may join after the start is discussed first (4.7).",
    RequestKind.SABBATICAL: "A school may be away for a set time, which is then reviewed (3.6).",
    RequestKind.OTHER: "Anything else that needs the advisor’s word first.",
}
STATES: Final[Mapping[RequestState, str]] = {
    RequestState.WAITING: "waiting",
    RequestState.APPROVED: "approved",
    RequestState.DECLINED: "declined",
    RequestState.WITHDRAWN: "withdrawn",
}
LOOKS: Final[Mapping[RequestState, str]] = {
    RequestState.WAITING: "state-look",
    RequestState.APPROVED: "state-ok",
    RequestState.DECLINED: "state-act",
    RequestState.WITHDRAWN: "state-info",
}
"""How a state looks: a class of the style sheet."""
