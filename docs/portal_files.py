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
| `hubtwin portal describe FILE` | says on one page how its [stages work](pull.md#describing); `--url` as above |
| `hubtwin pull URL` | writes a file out of [HubSpot, or whatever speaks its API](pull.md) |
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

## Workflows

A workflow says whom it enrolls, and what it does with them, one action after the other. Each action is known by one of
its keys: `wait`, `set`, `if`, `create`.

```yaml
{workflows}```

- **Who comes in**: those who come to meet the conditions in `when`, in the short form of the lists' filters, or to whom
  one of the `events` happens; where a `schedule` is given, those who meet the conditions at its times. Without `enroll`
  people enroll by hand. A record comes in once; `again` says what lets it in anew.
- **Who leaves**: those who meet the `goal`, get into a list of `suppress`, or come into a workflow that `ends` this
  one; with `leave_when_not_met` those who no longer meet the conditions.
- **Branches**: `if` with `then` and `else`; `choose` with several conditions; `branch_on` with the values of a
  property; `split` by chance. What stands below a branch is done with all who took one of its ways, unless that way
  closes with `end: true`.
- **Names** are those of the file: workflows, lists, forms, e-mails, users, teams. Texts may have tokens in them:
  `{{ enrolled_object.firstname }}`.
- **HubSpot's own JSON** (version 4 of the API) can stand in the place of an action, `json: {type: …}`, or of any member
  of a workflow: `json: {dataSources: […]}`. `hubtwin portal export` writes workflows that were made through the API in
  the short form, and as JSON what that has no words for, so that nothing is lost.

A workflow begins when all records of the file are there. With `existing: true` it takes those in who meet its
conditions then.

## Records from the start

Records are written in the order of the file, each below the name of its object. They go the way of every write, so
that the settings and lists of the file do with them what they do. One with `created` is written at that
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

WORKFLOWS = """\
forms:
  - {name: Demo}
marketing_emails:
  - {name: Welcome, kind: automated}
lists:
  - {name: Competitors, kind: static}
users:
  - {email: aino@acme.example, team: Sales}
workflows:
  - name: Hand over to sales
    enroll:
      when: {all: [{property: lifecyclestage, is: marketingqualifiedlead}]}
      again: [{property: lifecyclestage, known: true}]
    goal: {all: [{property: lifecyclestage, is: customer}]}
    suppress: [Competitors]
    hours:
      - {days: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY], start: "08:00", end: "17:30"}
    blocked: ["12-24", "2026-12-31"]
    actions:
      - wait: 15m
      - if: {all: [{property: jobtitle, contains: CEO}]}
        then:
          - {set: lifecyclestage, to: salesqualifiedlead}
          - {create: deal, with: {dealname: "Deal with {{ enrolled_object.company }}", dealstage: appointmentscheduled}}
        else:
          - {enroll_in: Nurture}
          - end: true
      - {rotate_owner: hubspot_owner_id, teams: [Sales]}
      - {task: "Call {{ enrolled_object.firstname }}", due_in: 1, time: "09:00"}
      - {notify: New lead, text: "{{ enrolled_object.email }}", owners: [hubspot_owner_id]}
  - name: Nurture
    enroll: {events: [{event: form submitted, form: Demo}]}
    actions:
      - {send_email: Welcome}
      - wait_until: {events: [{event: marketing e-mail opened, email: Welcome}], at_most: 7d}
      - branch_on: hs_analytics_source
        cases:
          PAID_SEARCH: [{set: hs_lead_status, to: OPEN}]
          REFERRALS: [{note: Came by a referral}]
      - split:
          - {percent: 50, then: [{add_to_list: Competitors}]}
          - {percent: 50}
  - name: Renewals
    object: deals
    enroll: {schedule: {at: "09:00", date: closedate, days: -30}}
    actions:
      - {set: lifecyclestage, to: opportunity, associated: contacts}
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
    return "\n".join([START.replace("{example}", EXAMPLE).replace("{workflows}", WORKFLOWS), *texts])


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
    return next(_key(name, field) for name, field in _fields(model))


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """The fields of a model: its own first, then those that it has in common with others."""
    inherited = {name for base in model.__mro__[1:] for name in getattr(base, "model_fields", ())}
    return sorted(model.model_fields.items(), key=lambda item: item[0] in inherited)


def _text(model: type[BaseModel], section: Section, sections: dict[type[BaseModel], Section]) -> str:
    """A section: what the model says about itself, and a table of its keys."""
    lines = [section.heading, "", " ".join((model.__doc__ or "").split()), ""]
    lines += ["| key | default | meaning |", "|---|---|---|"]
    meanings = notes()[model.__name__]
    for name, field in _fields(model):
        key, models = _key(name, field), list(dict.fromkeys(models_in(field.annotation)))
        links = _links([sections[inner] for inner in models])
        meaning = " ".join(filter(None, [meanings.get(key, ""), _choices(field.annotation), links]))
        lines.append(f"| `{key}` | {_default(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _links(sections: list[Section]) -> str:
    """Where to read on; of many kinds of one thing the first and the last section."""
    if len(sections) > 3 and len({section.path for section in sections}) == 1:
        return f"See {sections[0].link} to {sections[-1].link}."
    return f"See {', '.join(section.link for section in sections)}." if sections else ""


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
