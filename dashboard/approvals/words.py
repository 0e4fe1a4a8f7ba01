"""What requests and their states are called."""

from collections.abc import Mapping
from typing import Final

from dashboard.vocabulary import RequestKind, RequestState

ABOUT: Final[Mapping[RequestKind, str]] = {
    RequestKind.EXTRA_TIME: "Organising time beyond the allowance, paid from the joint pot, is approved first.",
    RequestKind.TRAVEL: "Travel is decided case by case.",
    RequestKind.JOINING: "Whether a school may join after the start is discussed first.",
    RequestKind.SABBATICAL: "A school may be away for a set time, which is then reviewed.",
    RequestKind.OTHER: "Anything else that needs the advisor’s word first.",
}
"""What the advisor decides (4.17, 4.26, 4.7, 3.6)."""
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
