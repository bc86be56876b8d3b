"""What all verbs of a scenario have in common."""

from typing import Protocol

from pydantic import model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Part
from hubtwin.scenarios.names import Names
from hubtwin.scenarios.world import World


class Verb(Protocol):
    """One thing that a step does or expects."""

    def check(self, names: Names, place: Place) -> None:
        """Check what the verb names before the test runs; *place* is where it stands in the test."""

    def do(self, world: World) -> None:
        """Do it.

        Raises PortalError where the portal refuses, ExpectationFailed where an expectation does not hold.
        """


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
        """The verb as the file has it."""
        return next(iter(self.model_fields_set))

    @property
    def verb(self) -> Verb:
        """The verb itself."""
        verb: Verb = getattr(self, self.word)
        return verb
