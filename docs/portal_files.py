"""Writes portal-files.md: how to describe a portal, with a reference made from the models of the configuration."""

import re
import typing
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hubtwin.files.models import models_in
from hubtwin.files.schema import notes
from hubtwin.portal.configuration import Configuration, Part

ROOT = Path(__file__).parents[1]

START = """# Portal files

A portal file says what a HubSpot account is like: its stages, settings, properties, pipelines, people, forms, lists,
workflows, apps, and the records that are there from the start. It is YAML; what it leaves out is as in a new account.
`hubtwin serve --portal FILE` serves such a portal, a scenario names it with `portal: FILE`, and the fixture `portal`
takes it from `portal_configuration`.

| command | what it does |
|---|---|
| `hubtwin portal init [FILE]` | writes a file to begin with, full of comments |
| `hubtwin portal check FILE…` | says all that is wrong, and what has no effect; `--strict` makes that an error, too |
| `hubtwin portal export FILE` | prints the file in its shortest form; with `--url`, what a served portal is like now |
| `hubtwin portal schema` | prints the JSON Schema, with which editors complete and check keys |

In Python, `hubtwin.files.export(portal)` is the present configuration of a portal as the data of a portal file, and
`hubtwin.files.dump(data)` that data as YAML.

```yaml
# team.portal.yaml
{example}```

What is wrong with a file is said with file, line and the allowed choices:

```console
$ hubtwin serve --portal team.portal.yaml
team.portal.yaml:11  settings.deal_won: no stage is called 'custmer'; choose from: subscriber, lead, customer, alumni; \
did you mean 'customer'?
```

## Filters of lists

Lists ask for records in a short form: conditions that must `all` be met, or `any` of them. Each condition is known by
one of its keys. HubSpot's own `filterBranch` can stand there instead: JSON is YAML.

```yaml
lists:
  - name: Chief executives without a demo
    filters:
      all:
        - {property: lifecyclestage, is: [lead, marketingqualifiedlead]}
        - {property: jobtitle, contains: CEO}
        - {property: createdate, within_last_days: 30}
        - {form: Demo, submitted: false}
        - {associated: companies, all: [{property: country, is: Finland}]}
```

## Records from the start

Records are written in the order of the file, each below the name of its object. They go the way of every write, so
that the settings, lists and workflows of the file do with them what they do. One with `created` is written at that
time: the portal's clock begins with the first of them, and the dates come in their order. Scenarios call them by
their alias, and *reset* writes them again.

## Reference

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
  - name: Demo
    fields: [email, company.name, {name: phone, required: true, min_digits: 5}]
    contact_stage: lead
    company_stage: lead
meeting_links:
  - {slug: aino, user: aino@acme.example, minutes: 45}
workflows:
  - name: Start over
    actions: [{clear: lifecyclestage}, {set: lifecyclestage, to: lead}]
properties:
  contacts:
    - {name: icp_fit, label: ICP fit, options: [Good, Fair, Poor]}
    - {name: hs_lead_status, options: [{value: NEW, label: New}, {value: BAD_TIMING, label: Bad timing}]}
pipelines:
  deals:
    - label: Sales
      stages:
        - {label: Discovery, probability: 0.2}
        - {label: Closed Won, probability: 1}
        - {label: Closed Lost, probability: 0}
      rules: {no_backwards: all}
lists:
  - {name: Good fits, filters: {all: [{property: icp_fit, is: Good}]}}
records:
  - company: {as: client, name: Client Oy, domain: client.example, created: 2026-01-12}
  - contact: {as: ada, email: ada@client.example, icp_fit: Good, associated_with: $client}
"""


class Section(NamedTuple):
    """Where a model of a portal file is described: the path that leads to it first, and its heading."""

    path: str
    heading: str

    @property
    def link(self) -> str:
        """A link to the section, as GitHub makes them of headings."""
        anchor = re.sub(r"[^a-z0-9_ -]", "", self.heading.lower()).strip().replace(" ", "-")
        return f"[{self.heading.lstrip('# ')}](#{anchor})"


def page() -> str:
    """The page's text."""
    sections = _sections()
    texts = [_text(model, section, sections) for model, section in sections.items()]
    return "\n".join([START.replace("{example}", EXAMPLE), *texts])


def _sections() -> dict[type[BaseModel], Section]:
    """The models of a portal file, each once, in the order of the file, with what is inside them behind them."""
    found: dict[type[BaseModel], Section] = {Configuration: Section("", "## The whole file")}
    _collect("", Configuration, found)
    return found


def _collect(path: str, model: type[BaseModel], found: dict[type[BaseModel], Section]) -> None:
    for name, field in model.model_fields.items():
        inner_path = f"{path}.{_key(name, field)}".removeprefix(".")
        models = list(dict.fromkeys(models_in(field.annotation)))
        new = [inner for inner in models if inner not in found]
        for inner in new:
            level = "##" if "." not in inner_path else "###"
            variant = f" with `{_first_key(inner)}`" if len(models) > 1 else ""
            found[inner] = Section(inner_path, f"{level} `{inner_path}`{variant}")
            _collect(inner_path, inner, found)


def _key(name: str, field: FieldInfo) -> str:
    return field.alias or name


def _first_key(model: type[BaseModel]) -> str:
    return next(_key(name, field) for name, field in model.model_fields.items())


def _text(model: type[BaseModel], section: Section, sections: dict[type[BaseModel], Section]) -> str:
    """A section: what the model says about itself, and a table of its keys."""
    lines = [section.heading, "", " ".join((model.__doc__ or "").split()), ""]
    lines += ["| key | default | meaning |", "|---|---|---|"]
    meanings = notes()[model.__name__]
    for name, field in model.model_fields.items():
        key, models = _key(name, field), list(dict.fromkeys(models_in(field.annotation)))
        links = "See " + ", ".join(sections[inner].link for inner in models) + "." if models else ""
        meaning = " ".join(filter(None, [meanings.get(key, ""), _choices(field.annotation), links]))
        lines.append(f"| `{key}` | {_default(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Part) or (isinstance(value, tuple) and value and isinstance(value[0], Part)):
        return "as in a new account"
    if isinstance(value, dict) and value:
        return "as in a new account"
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True).removesuffix("...\n").strip()
    return f"`{text}`"


def _choices(annotation: Any) -> str:
    """The words that may stand there, where only some may."""
    if typing.get_origin(annotation) is Literal:
        return "One of: " + ", ".join(f"`{word}`" for word in typing.get_args(annotation)) + "."
    return " ".join(filter(None, map(_choices, typing.get_args(annotation))))


if __name__ == "__main__":
    (ROOT / "docs" / "portal-files.md").write_text(page(), encoding="utf-8")
