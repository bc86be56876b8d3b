"""Named random streams: the only source of chance.

Each stream belongs to one entity and one purpose, so that a change of one draw leaves all others as they are:
two runs differ only where they are meant to, and one contact can be replayed alone.
"""

from hashlib import blake2b
from random import Random


class Streams:
    """The random streams of one replication of a run.

    The same *seed*, *replication*, entity and purpose give the same draws in every process.
    """

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.seed = seed
        self.replication = replication

    def __repr__(self) -> str:
        return f"<Streams {self.seed}/{self.replication}>"

    def seed_of(self, entity: str, purpose: str) -> int:
        """The seed of one stream: 128 bits that follow from nothing but its name."""
        name = repr((self.seed, self.replication, entity, purpose)).encode()
        return int.from_bytes(blake2b(name, digest_size=16).digest())

    def stream(self, entity: str, purpose: str) -> Random:
        """A new stream of draws, at its beginning: for `person:17` and `journey`, say."""
        return Random(self.seed_of(entity, purpose))
