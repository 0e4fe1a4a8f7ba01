"""Addresses made from names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.naming import free_slug, slug


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Stonehenge Area Cluster", "stonehenge-area-cluster"),
        ("Salisbury Plain Cluster", "salisbury-plain-cluster"),
        ("East Salisbury Rural Cluster", "east-salisbury-rural-cluster"),
        ("West Salisbury Cluster", "west-salisbury-cluster"),
        ("East Salisbury Cluster", "east-salisbury-cluster"),
        ("Leamington North Cluster", "leamington-north-cluster"),
        ("COGS Cluster", "cogs-cluster"),
        (
            "Dinton Church of England Voluntary Controlled Primary School",
            "dinton-church-of-england-voluntary-controlled-primary-school",
        ),
        ("Bulford St. Leonard's Primary School", "bulford-st-leonards-primary-school"),
        ("Bulford St. Leonard’s Primary School", "bulford-st-leonards-primary-school"),
        ("Durrington All Saints C of E Infants School", "durrington-all-saints-c-of-e-infants-school"),
        ("Telford J", "telford-j"),
    ],
)
def test_the_addresses_that_stay(name: str, address: str) -> None:
    assert slug(name) == address


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("École Sainte-Thérèse", "ecole-sainte-therese"),
        ("Ysgol Tŷ Gwyn", "ysgol-ty-gwyn"),
        ("The Avenue School", "avenue-school"),
        ("THE AVENUE SCHOOL", "avenue-school"),
        ("Theale Primary School", "theale-primary-school"),
        ("School at the Green", "school-at-the-green"),
        ("Infant/Junior School", "infant-junior-school"),
        ("Stratford-sub-Castle", "stratford-sub-castle"),
        ("  Two   spaces ", "two-spaces"),
        ("St. John's (Aided) School", "st-johns-aided-school"),
        ("Year 6 & 7", "year-6-7"),
        ("!!!", "unnamed"),
    ],
)
def test_accents_punctuation_and_a_leading_the(name: str, address: str) -> None:
    assert slug(name) == address


def test_a_second_and_a_third_of_one_name() -> None:
    taken: set[str] = set()
    for expected in ("all-saints-school", "all-saints-school-2", "all-saints-school-3"):
        found = free_slug("All Saints School", taken)
        assert found == expected
        taken.add(found)
    assert free_slug("All Saints School 2", taken) == "all-saints-school-2-2"
    assert free_slug("Another School", taken) == "another-school"


@given(st.text(max_size=80))
def test_any_text_gives_an_address(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(name))
