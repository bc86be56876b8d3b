"""Writes portal-files.md: how to describe a portal, with a reference made from the models of the configuration."""

import ast
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hubtwin.files.models import models_in
from hubtwin.portal import configuration
from hubtwin.portal.configuration import Configuration, Part

ROOT = Path(__file__).parents[1]

START = """# Portal files

A portal file says what a HubSpot account is like: its stages, settings, people, forms, workflows, apps. It is YAML;
what it leaves out is as in a new account. `hubtwin serve --portal FILE` serves such a portal, a scenario names it with
`portal: FILE`, and the fixture `portal` takes it from `portal_configuration`.

```yaml
# team.portal.yaml
{example}```

What is wrong with a file is said with file, line and the allowed choices:

```console
$ hubtwin serve --portal team.portal.yaml
team.portal.yaml:11  settings.deal_won: no stage is called 'custmer'; choose from: subscriber, lead, customer, alumni; \
did you mean 'customer'?
```

The reference below is made by `python docs/portal_files.py` from the models in `fakes/hubtwin/portal/configuration`.
"""

EXAMPLE = """\
account: {name: Acme, time_zone: Europe/Helsinki, currency: EUR, locales: [fi_FI]}
stages:
  - {id: subscriber, label: Subscriber}
  - {id: lead, label: Lead}
  - {id: customer, label: Customer}
  - {id: alumni, label: Alumni}
settings:
  default_stage: {contacts: subscriber, companies: null}
  deal_created: null
  deal_won: customer
  company_sync: {enabled: true, contacts: primary, on_association: false}
options:
  backward: {IMPORT: set}
users:
  - {email: aino@acme.example, first_name: Aino, last_name: Virtanen, team: Sales}
forms:
  - {name: Newsletter, fields: [email]}
  - {name: Demo, contact_stage: lead, company_stage: lead}
meeting_links:
  - {slug: aino, user: aino@acme.example, minutes: 45}
workflows:
  - name: Start over
    actions: [{clear: lifecyclestage}, {set: lifecyclestage, to: lead}]
"""


def page() -> str:
    """The page's text."""
    sections = [_section(name, model) for name, model in _parts("", Configuration)]
    return "\n".join([START.replace("{example}", EXAMPLE), *sections])


def _parts(path: str, model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """All parts of a portal file by the path that leads to them, in the order of the file."""
    yield path or "the whole file", model
    for name, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            star = "." if not path else f"{path.removesuffix('.')}."
            yield from _parts(f"{star}{name}".removeprefix("."), inner)


def _section(path: str, model: type[BaseModel]) -> str:
    lines = [f"## `{path}`" if " " not in path else f"## {path.capitalize()}", "", model.__doc__ or "", ""]
    lines += ["| key | default | meaning |", "|---|---|---|"]
    notes = _notes()[model.__name__]
    for name, field in model.model_fields.items():
        further = "See below." if any(models_in(field.annotation)) else ""
        meaning = " ".join(filter(None, [notes.get(name, ""), _choices(field.annotation), further]))
        lines.append(f"| `{name}` | {_default(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Part) or (isinstance(value, tuple) and value and isinstance(value[0], Part)):
        return "as in a new account"
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True).removesuffix("...\n").strip()
    return f"`{text}`"


def _choices(annotation: Any) -> str:
    """The words that may stand there, where only some may."""
    if typing.get_origin(annotation) is Literal:
        return "One of: " + ", ".join(f"`{word}`" for word in typing.get_args(annotation)) + "."
    return " ".join(filter(None, map(_choices, typing.get_args(annotation))))


def _notes() -> dict[str, dict[str, str]]:
    """What is written below the fields of each model."""
    modules = sorted(Path(configuration.__file__).parent.glob("*.py"))
    trees = [ast.parse(module.read_text(encoding="utf-8")) for module in modules]
    notes: dict[str, dict[str, str]] = {}
    for model in (node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)):
        found = notes[model.name] = {}
        for field, note in zip(model.body, model.body[1:], strict=False):
            match field, note:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = " ".join(text.split())
    return notes


if __name__ == "__main__":
    (ROOT / "docs" / "portal-files.md").write_text(page(), encoding="utf-8")
