"""What all verbs have in common."""

from typing import Protocol

from pydantic import model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Part
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class Verb(Protocol):
    """One thing that is done to a portal, or expected of it."""

    def check(self, names: Names, place: Place) -> None:
        """Check what the verb names before anything is done; *place* is where it stands in a file or a request."""

    def do(self, world: World) -> None:
        """Do it. Raises PortalError where the portal refuses; what scenarios expect raises ExpectationFailed."""


class OneVerb(Part):
    """A mapping with one key, the verb: each field of a subclass is one verb that may be there."""

    @model_validator(mode="after")
    def _one_verb(self) -> "OneVerb":
        if len(self.model_fields_set) != 1:
            found = ", ".join(sorted(self.model_fields_set)) or "none"
            raise ValueError(f"expected one verb, found {found}; each verb is an item of its own")
        if self.verb is None:
            raise ValueError(f"nothing is said after {self.word!r}")
        return self

    @property
    def word(self) -> str:
        """The verb's word."""
        return next(iter(self.model_fields_set))

    @property
    def verb(self) -> Verb:
        """The verb itself."""
        verb: Verb = getattr(self, self.word)
        return verb


class Group(OneVerb):
    """A verb that is a group of others: what is done in one system, each word a key below the system's own."""

    def check(self, names: Names, place: Place) -> None:
        """Check what the one that is there names."""
        self.verb.check(names, (*place, self.word))

    def do(self, world: World) -> None:
        """Do it."""
        self.verb.do(world)
