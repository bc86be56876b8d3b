from hypothesis import given
from hypothesis import strategies as st

from hubtwin.runs.streams import Streams

NAMES = st.tuples(st.integers(), st.integers(), st.text(max_size=8), st.text(max_size=8))


def test_a_stream_is_the_same_whenever_it_is_asked_for() -> None:
    """Two streams of one name give the same draws, whatever was drawn in between."""
    streams = Streams(1)
    first = [streams.stream("person:1", "journey").random() for _ in range(3)]
    streams.stream("person:2", "journey").random()
    assert first == [Streams(1).stream("person:1", "journey").random()] * 3


def test_a_seed_is_fixed_for_all_time() -> None:
    """The seed of a stream follows from its name alone; a change of it would change every run."""
    assert Streams(1, 2).seed_of("person:3", "journey") == 214386001160766293427173607158232003414


@given(NAMES, NAMES)
def test_different_names_have_different_seeds(one: tuple[int, int, str, str], other: tuple[int, int, str, str]) -> None:
    """Seed, replication, entity and purpose all count, and can't run into each other."""
    seeds = [Streams(name[0], name[1]).seed_of(name[2], name[3]) for name in (one, other)]
    assert (seeds[0] == seeds[1]) == (one == other)
