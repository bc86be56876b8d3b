"""Records that are there when the account starts."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from hubtwin.portal.configuration.parts import Alias, Defines, Moment, ObjectName, Part, Reference
from hubtwin.portal.values import text_of


def _written(value: Any) -> str:
    if not isinstance(value, str | int | float | bool):
        raise ValueError(f"expected one value, found {value!r}")
    return text_of(value) or ""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


#: The text that a property is set to.
Written = Annotated[
    str, BeforeValidator(_written), WithJsonSchema({"type": ["string", "number", "boolean"]}, mode="validation")
]

#: One record or several, by their aliases.
References = Annotated[
    tuple[Reference, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}, mode="validation"),
]


class InitialRecord(Part):
    """A record that is there when the account starts: all keys but these are properties."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Written]

    alias: Annotated[Alias, Defines("record")] | None = Field(default=None, alias="as")
    """What other parts of the file call it; scenarios call it `$alias`."""
    created: Moment | None = None
    """When it was created; by default at the moment of the record before it, or when the clock starts."""
    associated_with: References = ()
    """The aliases of records further up that it belongs to."""

    @property
    def values(self) -> dict[str, str]:
        """The properties that it starts with."""
        return self.__pydantic_extra__


#: A record below the name of its object, as in `contact: {email: ada@acme.example}`.
Records = tuple[Annotated[dict[ObjectName, InitialRecord], Field(min_length=1, max_length=1)], ...]
