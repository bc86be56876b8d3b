"""Regular expressions of clients, matched in bounded time."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.portal.patterns import MAX_TEXT, InvalidPattern, Pattern

PIECES = st.sampled_from(
    [
        *("a", "b", ".", "[ab]", "[^a]", "[a-c]", r"\d", r"\W", r"\.", "(a|b)", "(?:ab)"),
        *("(", ")", "|", "^", "$", "-", "/", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"),
    ]
)


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=8).map("".join), st.text("ab.1-/", max_size=6))
def test_as_python_matches(pattern: str, text: str) -> None:
    """What both engines can read, both find in the same texts (W6.4.30)."""
    try:
        ours, theirs = Pattern(pattern), re.compile(pattern)
    except (InvalidPattern, re.error):
        return
    assert ours.search(text) is bool(theirs.search(text))


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "(a*)*c", "(?:.?){150}zz", "(.*a){20}$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    """Patterns that other engines never finish end with the text (W6.4.30)."""
    assert not Pattern(pattern).search("a" * (MAX_TEXT - 1) + "b")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a" * 201, "200 at most are allowed"),
        ("(a{100}){100}", "more than 500 steps"),
        ("(" * 21 + ")" * 21, "groups deeper than 20"),
        ("(?=a)", "uses a special group"),
        (r"(a)\1", r"has \\1, which can't be matched"),
        (r"\bword", r"has \\b, which can't be matched"),
        ("(a", r"has a \( without a \)"),
        ("a)", r"has a \) without a \("),
        ("[a", "breaks off"),
        ("a\\", "breaks off"),
        ("*a", "nothing to repeat"),
        ("a**", "repeats a repetition"),
        ("a{x}", "needs a number"),
        ("a{2", "has a { without a }"),
        ("a{3,2}", "bounds the wrong way round"),
        ("[b-a]", "a range the wrong way round"),
    ],
)
def test_patterns_that_are_refused(pattern: str, message: str) -> None:
    """What is wrong is said, with the place (W6.4.30)."""
    with pytest.raises(InvalidPattern, match=message):
        Pattern(pattern)
