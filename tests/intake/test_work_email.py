"""Only work addresses are held."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.intake.work_email import check_work_email, is_private

AT_WORK = (
    "head@mill.example.org", "Head@Mill.Example.ORG", " office@example.com ", "mailto:office@example.org",
    "a.colleague+science@mill.wilts.sch.example.org", "o'neil@example.org", "dean@live.warwick.example.org",
)  # fmt: skip
AT_HOME = (
    "gmail.com", "GMAIL.com", "googlemail.com", "hotmail.co.uk", "hotmail.com", "hotmail.fr", "outlook.com",
    "live.co.uk", "live.com", "msn.com", "yahoo.co.uk", "yahoo.com", "yahoo.com.au", "ymail.com", "aol.com",
    "icloud.com", "me.com",
    "btinternet.com", "talktalk.net", "sky.com", "virginmedia.com", "ntlworld.com", "proton.me", "protonmail.com",
    "gmx.co.uk", "mail.com", "virginmedia.co.uk", "talktalk.co.uk", "o2.co.uk", "talk21.com", "lineone.net",
    "fsmail.net", "plus.net", "plus.com", "zoho.com", "zoho.eu", "fastmail.fm", "tutanota.de", "tuta.io", "web.de",
    "gmx.de", "mail.ru", "yandex.ru", "qq.com", "163.com",
    # an address that stands in for another
    "mozmail.com", "privaterelay.appleid.com", "duck.com", "simplelogin.com",
    # beneath a provider
    "smith.plus.com", "mail.virginmedia.com", "uk.yahoo.com", "MAIL.Yahoo.co.uk", "a.b.freeserve.co.uk",
)  # fmt: skip
NONE_AT_ALL = (
    "", "a colleague", "@example.org", "head@", "head@example", "head@@example.org", "two words@example.org",
    "head@example..org", "head@-example.org", "head@example.org; deputy@example.org", "A Colleague <head@example.org>",
    "head@exam\nple.org", "h..d@example.org", f"{'a' * 65}@example.org", f"head@{'a.' * 130}org",
    "head@example.org\x00",
)  # fmt: skip


@pytest.mark.parametrize("address", AT_WORK)
def test_a_work_address_is_taken_in_small_letters(address: str) -> None:
    assert check_work_email(address) == address.strip().removeprefix("mailto:").lower()


@pytest.mark.parametrize("domain", AT_HOME)
def test_a_private_provider_is_refused_in_a_sentence_that_names_it(domain: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"is a private address ({domain.lower()}); only work addresses")):
        check_work_email(f"a.colleague@{domain}")


@pytest.mark.parametrize("text", NONE_AT_ALL)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an e-mail address"):
        check_work_email(text)


@pytest.mark.parametrize(
    "domain",
    [
        "live.warwick.ac.uk", "gmail.com.example.org", "notgmail.com", "outlook.sch.uk", "surplus.com", "co.uk",
        "mill.plus.sch.uk", "appleid.com", "o2.co.uk.example.org",
    ],
)  # fmt: skip
def test_a_domain_that_only_looks_like_one_is_none(domain: str) -> None:
    assert not is_private(f"a.colleague@{domain}")


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_gets_a_sentence(text: str) -> None:
    taken, refused = "", ""
    try:
        taken = check_work_email(text)
    except ValueError as error:
        refused = str(error)
    assert refused.startswith("“") if not taken else (taken.count("@") == 1 and not is_private(taken))
