"""Plain data as YAML: what is written reads back the same, and people like to read it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hubtwin.files import dump, parse
from hubtwin.files.documents import MAX_NUMBER
from hubtwin.files.writing import WIDTH

_texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)
_numbers = st.integers(-MAX_NUMBER + 1, MAX_NUMBER - 1) | st.floats(allow_nan=False, allow_infinity=False)
_scalars = st.none() | st.booleans() | _numbers | _texts
_data = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(_texts, _data, max_size=4))
def test_what_is_written_reads_back(data: dict[str, Any]) -> None:
    """Whatever a portal file could hold."""
    assert parse(dump(data), "made.yaml").data == data


def test_what_fits_on_a_line_stands_on_one() -> None:
    """Parts in a list have a line of their own; what is too long is spread."""
    long = {"id": "x", "label": "A label that goes on", "description": "word " * 20}
    assert dump({"account": {"id": 1}, "stages": [{"id": "lead", "at": "2026-03-02"}, long]}) == (
        "account: {id: 1}\n"
        "stages:\n"
        "  - {id: lead, at: 2026-03-02}\n"
        "  - id: x\n"
        "    label: A label that goes on\n"
        f"    description: '{'word ' * 20}'\n"
    )


def test_comments_stand_above_what_they_are_about() -> None:
    """Those of the whole document head it; a part with comments inside is spread."""
    data = {"lists": [{"name": "A", "kind": "static"}], "forms": []}
    notes = {(): "Pulled from 1001.", ("lists", 0): "Not pulled:\nmembers.", ("lists", 0, "kind"): "As in HubSpot."}
    text = dump(data, notes)
    assert text == (
        "# Pulled from 1001.\n\nlists:\n  # Not pulled:\n  # members.\n"
        "  - name: A\n    # As in HubSpot.\n    kind: static\nforms: []\n"
    )
    assert parse(text, "made.yaml").data == data
    assert max(map(len, text.splitlines())) <= WIDTH


def test_an_empty_file_is_a_portal_file() -> None:
    """A new account has nothing to say."""
    assert dump({}) == "{}\n"
