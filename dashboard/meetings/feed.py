"""The meetings of a reader as a file that calendar programs subscribe to (2.9), by RFC 5545 and RFC 7986."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone
from sqlalchemy.orm import Session

from dashboard.access import Scope
from dashboard.marks import name_meeting
from dashboard.meetings.queries import FeedMeeting, load_feed
from dashboard.meetings.words import KINDS

_LONDON: Final = ZoneInfo("Europe/London")
_ITS_RULES: Final = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19970330T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""
"""When its clocks change, as a rule: a list of all such days, which the package would write, ends one day."""
_DAILY: Final = timedelta(days=1)
_NAME: Final = "Cluster meetings"


def calendar_file(session: Session, scope: Scope, now: datetime, host: str) -> bytes:
    """The meetings that a scope may see at least in totals. `host` tells the meetings of this dashboard from others'.

    Nothing in it is about a person or one school: it lies on phones and with the makers of calendars. The store does
    not know when a meeting was changed last, so the file says when it was made and no more (RFC 5545, 3.8.7.2).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Schools Cluster Dashboard//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _NAME)
    calendar.add("x-wr-calname", _NAME)  # the same for programs older than RFC 7986
    calendar.add("x-wr-timezone", str(_LONDON))
    calendar.add("refresh-interval", _DAILY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    calendar.add_component(Timezone.from_ical(_ITS_RULES))
    for meeting in load_feed(session, scope, now.astimezone(_LONDON).date()):
        calendar.add_component(_event(meeting, now, host))
    return bytes(calendar.to_ical())


def _event(meeting: FeedMeeting, now: datetime, host: str) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{host}")
    event.add("dtstamp", now)
    event.add("summary", _one_line(f"{meeting.cluster}: {name_meeting(meeting.kind, meeting.title)}"))
    event.add("categories", [KINDS[meeting.kind]])
    if meeting.starts_at is None:
        event.add("dtstart", meeting.held_on)
        event.add("transp", "TRANSPARENT")  # a day on which there is a meeting is not a day that is taken
        return event
    event.add("dtstart", datetime.combine(meeting.held_on, meeting.starts_at, _LONDON))
    if meeting.ends_at is not None and meeting.ends_at > meeting.starts_at:
        event.add("dtend", datetime.combine(meeting.held_on, meeting.ends_at, _LONDON))
    return event


def _one_line(text: str) -> str:
    """Text without anything that does not print, which calendar programs trip over."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
