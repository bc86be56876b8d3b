"""Unions of models in which one key says which model it is, as in `wait: 2d` or `submit_form: ebook`."""

from dataclasses import dataclass
from inspect import get_annotations
from typing import Any, get_args

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from hubtwin.portal.errors import choices


@dataclass(frozen=True)
class ByKey:
    """Marks such a union, as in `Annotated[Wait | End, ByKey("state")]`.

    The key of a model is the first field that its class declares itself. *what* is what errors call a member.
    """

    what: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic choose the model by its key, and say so where there is no such key."""
        names = {next(iter(get_annotations(model))): model.__name__ for model in get_args(source)}
        union = core_schema.tagged_union_schema(
            {model.__name__: handler.generate_schema(model) for model in get_args(source)},
            lambda value: names[_keys(value, names)[0]],
        )
        return core_schema.no_info_before_validator_function(lambda value: self._checked(value, list(names)), union)

    def _checked(self, value: Any, keys: list[str]) -> Any:
        if not isinstance(value, dict | BaseModel):
            raise ValueError(f"a {self.what} has keys and values; one of the keys is {', '.join(keys)}")
        found = _keys(value, keys)
        if len(found) > 1:
            raise ValueError(f"{' and '.join(found)} can't be the same {self.what}; make one of each")
        if not found:
            first = next((str(key) for key in value), "")
            raise ValueError(f"no key says what kind of {self.what} this is; {choices(first, keys)}")
        return value


def _keys(value: Any, keys: Any) -> list[str]:
    present = value if isinstance(value, dict) else type(value).model_fields
    return [key for key in keys if key in present]
