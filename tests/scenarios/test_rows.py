"""Tables: one test for each row of `each`."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from hubtwin.scenarios.rows import fill
from hubtwin.scenarios.runner import run
from hubtwin.scenarios.suites import Suite

ReadTests = Callable[[str], Suite]


def test_each_row_is_a_case_of_its_own(read_tests: ReadTests) -> None:
    """A case is named by its row's values; `$column` stands for the value, and for the text inside a text."""
    suite = read_tests(
        """
        - id: one
          title: From $stage
          each:
            - {stage: customer, delay: 1h 30m, history: [customer]}
            - {stage: lead, delay: 2h, history: [lead, customer]}
          given: [{contact: {as: ada, email: $stage@acme.example, lifecyclestage: $stage}}]
          steps:
            - wait: $delay
            - update: {record: $ada, set: {lifecyclestage: customer}}
            - expect: {history: {record: $ada, property: lifecyclestage}, is: $history}
            - expect: {record: $ada, has: {email: $stage@acme.example}}
        """
    )
    assert [case.name for case in suite.cases] == ["one[customer-1h_30m-customer]", "one[lead-2h-lead-customer]"]
    assert [case.example.title for case in suite.cases] == ["From customer", "From lead"]
    assert [run(case) for case in suite.cases] == [None, None]


def test_rows_that_can_not_be_named_by_their_values_are_numbered(read_tests: ReadTests) -> None:
    """Long, empty and repeated names give way to the row's number."""
    suite = read_tests(
        f"""
        - id: one
          title: A test
          each: [{{x: a}}, {{x: a}}, {{x: ""}}, {{x: {"a" * 61}}}, {{x: "ä b/c"}}]
          steps: [{{wait: 1d}}]
        """
    )
    assert [case.row for case in suite.cases] == ["a", "row2", "row3", "row4", "ä_b_c"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_what_names_no_column_stays_as_it_is(value: object) -> None:
    """Filling in a row without columns changes nothing."""
    assert fill(value, {}) == value


@given(st.text(alphabet="abc$ "), st.integers())
def test_a_text_that_is_a_column_becomes_the_value(text: str, value: int) -> None:
    """Only the whole text takes over the value's type."""
    assert fill("$a", {"a": value}) == value
    assert fill(f"$a {text}", {"a": value}) == f"{value} {fill(text, {'a': value})}" or text == "$a"
