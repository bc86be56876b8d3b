"""A whole account in one file: what it defines is there when the portal starts, and comes out of it again."""

from typing import Any

import pytest
import yaml

from hubtwin.api import Api, Request
from hubtwin.cli.starter import STARTER
from hubtwin.files import FileError, dump, export, load_portal, parse
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.checking import contradictions
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.filter_branches.short_forms import expanded, shortened
from hubtwin.portal.moments import from_iso
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS
from hubtwin.portal.pipeline_rules import StagesOfRule

ACCOUNT = """
stages:
  - {id: lead, label: Lead, color: blue, description: Gave an address, owner: marketing, calculated: false}
  - {id: customer, label: Customer}
settings: {default_stage: {contacts: lead, companies: lead}, deal_created: null, deal_won: customer}
lifecycle_rules: {contacts: {no_backwards: all, creation: [lead]}}
objects:
  - name: machine
    properties: [{name: serial, unique: true}, {name: built, type: date}]
    required: [serial]
    associated_with: [companies]
association_labels:
  - {from: contacts, to: companies, label: Decision maker, inverse: Decided by}
property_groups:
  contacts: [{name: fit, label: Fit}]
properties:
  contacts:
    - {name: icp_fit, label: ICP fit, group: fit, options: [Good, {value: bad, label: Poor, hidden: true}]}
    - {name: tax_number, unique: true, rules: [{type: MAX_LENGTH, arguments: ["9"]}]}
    - {name: sales_rep, owners: true}
    - {name: newsletter, type: bool}
    - {name: hs_lead_status, options: [{value: NEW, label: New}, {value: BAD_TIMING, label: Bad timing}]}
pipelines:
  deals:
    - label: Sales
      stages:
        - {label: Discovery, probability: 0.2}
        - {label: Closed Won, probability: 1}
        - {label: Closed Lost, probability: 0}
      rules: {no_skipping: [discovery]}
    - {label: Renewals, stages: [{id: up, label: Up for renewal, probability: 0.9}]}
  tickets:
    - {label: Help, stages: [{label: Open}, {label: Done, closed: true}]}
  machine:
    - {label: Life, stages: [{label: New}, {label: Scrapped, closed: true}]}
forms:
  - {name: Demo, fields: [email, icp_fit], contact_stage: lead, company_stage: lead}
lists:
  - {name: Fits, filters: {all: [{property: icp_fit, is: Good}, {list: Friends, member: false}]}}
  - {name: Friends, kind: static, members: [$bo]}
records:
  - company: {as: acme, name: Acme, domain: acme.example, created: 2026-01-12}
  - contact: {as: ada, email: ada@acme.example, icp_fit: Good, associated_with: $acme}
  - contact: {as: bo, email: bo@acme.example, icp_fit: Good, hubspot_owner_id: ada@hubtwin.example}
  - deal: {dealname: Ten, dealstage: discovery, created: 2026-02-02T10:30, associated_with: [$acme, $ada]}
  - machine: {serial: 12, hs_pipeline_stage: new, associated_with: $acme}
"""


def portal_of(text: str) -> Portal:
    return Portal(load_portal(parse(text, "p.yaml")))


def problems(text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        load_portal(parse(text, "p.yaml"))
    return list(caught.value.problems)


@pytest.fixture(scope="module")
def account() -> Portal:
    """The account above."""
    return portal_of(ACCOUNT)


# -- what a file defines -------------------------------------------------------------------------------------


def test_properties_of_ones_own(account: Portal) -> None:
    """What a file leaves out of a property follows from the rest."""
    fit = account.properties[CONTACTS].find("icp_fit")
    assert (fit.type, fit.field_type, fit.group, fit.hubspot_defined) == ("enumeration", "select", "fit", False)
    assert [(option.value, option.label, option.hidden) for option in fit.options] == [
        ("Good", "Good", False),
        ("bad", "Poor", True),
    ]
    number = account.properties[CONTACTS].find("tax_number")
    assert (number.label, number.type, number.group, number.unique) == (
        "Tax number",
        "string",
        "contactinformation",
        True,
    )
    assert account.properties[CONTACTS].find("sales_rep").referenced_object == "OWNER"


def test_options_of_hubspots_own_properties(account: Portal) -> None:
    """F5.3: a file changes the options of the lead status, and nothing else about it."""
    status = account.properties[CONTACTS].find("hs_lead_status")
    assert ([option.value for option in status.options], status.hubspot_defined) == (["NEW", "BAD_TIMING"], True)


def test_pipelines(account: Portal) -> None:
    """The first of an object has HubSpot's own id; ids of stages are made of their labels."""
    sales, renewals = account.pipelines[DEALS]
    assert (sales.id, [stage.id for stage in sales.stages]) == ("default", ["discovery", "closedwon", "closedlost"])
    assert [stage.is_won for stage in sales.stages] == [False, True, False]
    assert (renewals.id, [stage.id for stage in renewals.stages]) == ("renewals", ["up"])
    assert "hs_v2_date_entered_discovery" in account.properties[DEALS]
    assert "hs_v2_date_entered_contractsent" not in account.properties[DEALS]
    assert account.pipeline_rules.of(DEALS, sales).no_skipping == StagesOfRule(ids=("discovery",))


def test_rules_of_the_lifecycle(account: Portal) -> None:
    """F2.14: no going back, no skipping, creation in certain stages only."""
    (contacts,), (companies,) = account.pipelines[CONTACTS], account.pipelines[COMPANIES]
    rules = account.pipeline_rules.of(CONTACTS, contacts)
    assert (rules.no_backwards, rules.creation) == (StagesOfRule(every=True), ("lead",))
    assert not account.pipeline_rules.are_set(COMPANIES, companies)


def test_a_stage_without_calculated_properties(account: Portal) -> None:
    """F1.18.1: it has no dates and times; when a contact became it is kept."""
    names = account.properties[CONTACTS]
    assert "hs_v2_date_entered_lead" not in names
    assert "hs_v2_date_entered_customer" in names
    ada = account.seeding.records["ada"]
    assert ada.get("hs_v2_date_entered_lead") is None
    assert ada.get("hs_lifecyclestage_lead_date") == "2026-01-12T00:00:00Z"
    copy = portal_of(ACCOUNT)
    copy.update(copy.seeding.records["ada"], {"lifecyclestage": "customer"})
    assert copy.seeding.records["ada"].get("hs_v2_date_exited_lead") is None


def test_custom_objects_with_pipelines(account: Portal) -> None:
    """W6.3.4: their records are in stages, as deals are."""
    (machine,) = account.records[account.type("machine")]
    assert (machine.get("serial"), machine.get("hs_pipeline"), machine.stage) == ("12", "life", "new")
    assert [stage.is_closed for pipeline in account.pipelines[machine.type] for stage in pipeline.stages] == [
        False,
        True,
    ]


def test_association_labels(account: Portal) -> None:
    """W3.12: a label has a name at each end."""
    labels = [type.label for type in account.associations.types(CONTACTS, COMPANIES)]
    assert "Decision maker" in labels
    assert "Decided by" in [type.label for type in account.associations.types(COMPANIES, CONTACTS)]


# -- records and lists ---------------------------------------------------------------------------------------


def test_records_are_written_at_their_dates(account: Portal) -> None:
    """The portal's clock begins with the first of them; a record without a date comes right after the one before."""
    created = [record.created for type in (COMPANIES, CONTACTS, DEALS) for record in account.records[type]]
    january, february = from_iso("2026-01-12"), from_iso("2026-02-02T10:30")
    assert created == [january, january, january, february]
    assert account.clock.now == from_iso("2026-03-02T09:00")


def test_records_go_the_way_of_every_write(account: Portal) -> None:
    """The log tells where they are from, and owners are named by their e-mail addresses."""
    ada, bo = account.seeding.records["ada"], account.seeding.records["bo"]
    assert account.story(account.why(ada, "icp_fit")) == [
        "2026-01-12 00:00:00  contact 1002 (ada@acme.example) created, import portal file"
    ]
    assert account.why(ada, "icp_fit")[0].source.rule == "records.1.contact"
    assert ada.get("associatedcompanyid") == str(account.seeding.records["acme"].id)
    assert bo.get("hubspot_owner_id") == str(account.users.find("ada@hubtwin.example").id)


def test_lists_are_made_in_any_order(account: Portal) -> None:
    """A list may ask about one further down."""
    fits, friends = (account.lists.named(CONTACTS, name) for name in ("Fits", "Friends"))
    assert fits is not None
    assert friends is not None
    assert [record.get("email") for record in fits] == ["ada@acme.example"]
    assert [record.get("email") for record in friends] == ["bo@acme.example"]


def test_a_wrong_option_is_one_line() -> None:
    """In HubSpot's own words it would be three for each choice (W2.7)."""
    assert problems("records:\n- contact: {email: a@b.example, hs_lead_status: NW}") == [
        "p.yaml:2  records.0.contact.hs_lead_status: can't be 'NW'; choose from: NEW, OPEN, IN_PROGRESS, OPEN_DEAL,"
        " UNQUALIFIED, ATTEMPTED_TO_CONTACT, CONNECTED, BAD_TIMING; did you mean 'NEW'?"
    ]


def test_a_reset_writes_the_records_again() -> None:
    """A clear does not: the configuration stays, and the records go."""
    portal = portal_of(ACCOUNT)
    before = Api(portal).handle(get("/crm/v3/objects/contacts/1002")).body
    portal.create("contacts", {"email": "new@acme.example"})
    portal.reset()
    assert len(portal.records[CONTACTS]) == 2
    assert Api(portal).handle(get("/crm/v3/objects/contacts/1002")).body == before
    portal.clear()
    assert len(portal.records[CONTACTS]) == 0
    assert portal.lists.named(CONTACTS, "Friends") is not None


# -- filters -------------------------------------------------------------------------------------------------

CONDITIONS: list[dict[str, Any]] = [
    {"property": "lifecyclestage", "is": "lead"},
    {"property": "lifecyclestage", "is_not": ["lead", "customer"], "or_unknown": True},
    {"property": "lifecyclestage", "was": "customer"},
    {"property": "jobtitle", "contains": ["CEO", "CTO"]},
    {"property": "email", "ends_with": "@acme.example"},
    {"property": "num_associated_deals", "at_least": 2},
    {"property": "num_associated_deals", "between": [1, 3]},
    {"property": "createdate", "before": "2026-02-01"},
    {"property": "createdate", "within_last_days": 30},
    {"property": "lifecyclestage", "not_updated_in_last_days": 7},
    {"property": "newsletter", "is": True},
    {"property": "email", "known": False},
    {"form": "Demo"},
    {"form": None, "submitted": False},
    {"form": "Demo", "at_least": 2},
    {"list": "Friends", "member": False},
    {"associated": "companies", "all": [{"property": "name", "is": "Acme"}]},
    {"associated": "companies", "all": [{"property": "name", "known": True}], "label": "Decision maker"},
    {"none": [{"property": "jobtitle", "is": "CEO"}, {"form": "Demo"}]},
    {"not_all": [{"property": "jobtitle", "is": "CEO"}, {"property": "email", "known": True}]},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition_is_a_filter_both_ways(account: Portal, condition: dict[str, Any]) -> None:
    """A list can ask for it, and what the list holds is the condition again."""
    for filters in ({"all": [condition]}, {"any": [condition, {"all": [CONDITIONS[0], condition]}]}):
        data = {"lists": [{"name": "L", "filters": filters}, {"name": "Friends", "kind": "static"}]}
        configuration = load_portal(parse(yaml.safe_dump({**yaml.safe_load(ACCOUNT), **data}), "p.yaml"))
        made = Portal(configuration).lists
        (found,) = [one for one in made if one.name == "L"]
        assert found.branch is not None
        assert (
            shortened(account, CONTACTS, expanded(account, CONTACTS, configuration.lists[0].filters or {})) == filters
        )


def test_what_the_short_form_cannot_say_stays_as_it_is(account: Portal) -> None:
    """Lists are called by name in it all the same."""
    operation = {"operationType": "STRING", "operator": "HAS_EVER_CONTAINED", "value": "CEO"}
    filters = [
        {"filterType": "PROPERTY", "property": "jobtitle", "operation": operation},
        {"filterType": "IN_LIST", "operator": "IN_LIST", "listId": "2"},
    ]
    branch = {"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "AND", "filters": filters}]}
    kept = shortened(account, CONTACTS, branch)
    friends = {"filterType": "IN_LIST", "operator": "IN_LIST", "listId": "Friends"}
    assert kept["filterBranches"][0]["filters"] == [filters[0], friends]
    assert expanded(account, CONTACTS, kept)["filterBranches"][0]["filters"][1]["listId"] == 2


# -- what comes out again ------------------------------------------------------------------------------------


def get(path: str) -> Request:
    return Request("GET", path, "", {"authorization": "Bearer t"}, b"")


PATHS = (
    *("/crm/v3/properties/contacts", "/crm/v3/properties/contacts/groups", "/crm/v3/properties/deals"),
    *("/crm/v3/pipelines/deals", "/crm/v3/pipelines/contacts", "/crm/v3/pipelines/tickets"),
    *("/crm/v3/schemas", "/crm/v3/lists/1?includeFilters=true", "/crm/v3/lists/2", "/marketing/v3/forms"),
    *("/crm/v4/associations/contacts/companies/labels", "/crm/v3/objects/contacts", "/crm/v3/owners"),
)


def copy_of(portal: Portal) -> Portal:
    return portal_of(dump(export(portal)))


@pytest.mark.parametrize("text", [ACCOUNT, STARTER, "{}"], ids=["account", "starter", "new"])
def test_an_export_makes_the_same_portal(text: str) -> None:
    """Both answer alike; and what a file doesn't say, its export doesn't either."""
    portal = portal_of(text)
    copy = copy_of(portal)
    for path in PATHS:
        name, _, query = path.partition("?")
        request = Request("GET", name, query, {"authorization": "Bearer t"}, b"")
        one, other = (Api(each).handle(request) for each in (portal, copy))
        assert (path, one.status, one.body) == (path, other.status, other.body)
    assert set(export(portal)) <= set(yaml.safe_load(text))


def test_an_export_has_what_was_changed_since() -> None:
    """Whoever changed it, and however."""
    portal = portal_of(ACCOUNT)
    api = Api(portal)

    def call(method: str, path: str, body: str) -> int:
        headers = {"authorization": "Bearer t", "content-type": "application/json"}
        return api.handle(Request(method, path, "", headers, body.encode())).status

    field = '{"name": "score_note", "label": "Score note", "type": "string", "fieldType": "textarea"'
    assert call("POST", "/crm/v3/properties/contacts", field + ', "groupName": "fit"}') == 201
    assert call("POST", "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline/stages", STAGE) == 201
    assert call("DELETE", "/crm/v3/pipelines/deals/renewals", "") == 204
    portal.change_settings({"company_sync.enabled": False})
    portal.lists.rename(portal.lists.find(2), "Old friends")
    data = export(portal)
    assert data["properties"]["contacts"][-1] == {"name": "score_note", "field": "textarea", "group": "fit"}
    assert [stage["label"] for stage in data["stages"]] == ["Lead", "Alumni", "Customer"]
    assert data["stages"][0]["owner"] == "marketing"
    assert [pipeline["label"] for pipeline in data["pipelines"]["deals"]] == ["Sales"]
    assert data["settings"]["company_sync"] == {"enabled": False}
    assert {"list": "Old friends", "member": False} in data["lists"][0]["filters"]["all"]
    assert export(copy_of(portal)) == data


STAGE = '{"label": "Alumni", "displayOrder": 0, "metadata": {}}'


def test_a_part_that_nobody_can_change_is_exported_as_it_was_configured() -> None:
    """Also one that the exporting code has never heard of."""
    data = {"account": {"name": "Acme"}, "apps": [{"name": "sync", "token": "t", "expires_in": "1d 12h"}]}
    assert export(Portal(Configuration.model_validate(data))) == data


# -- what is wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "properties:\n  contacts:\n  - {name: hs_mine}",
            "p.yaml:3  properties.contacts.0: The property name hs_mine is not valid: hs_ begins the names of"
            " HubSpot's own",
        ),
        (
            "properties:\n  contacts:\n  - {name: email, label: Mail}",
            "p.yaml:3  properties.contacts.0.label: email is HubSpot's own; only its options and rules can be changed",
        ),
        (
            "properties:\n  contacts:\n  - {name: fit, type: number, field: radio}",
            "p.yaml:3  properties.contacts.0: The field type radio does not go with the type number",
        ),
        (
            "pipelines:\n  deals:\n  - label: Sales\n    stages:\n    - {label: New}",
            "p.yaml:5  pipelines.deals.0.stages.0: a stage of deals needs its `probability`, from 0 for lost to 1 for"
            " won",
        ),
        (
            "pipelines:\n  deals:\n  - label: A\n    stages: [{label: X, probability: 1}]\n"
            "  - label: B\n    stages: [{label: X, probability: 1}]",
            "p.yaml:5  pipelines.deals.1: the stage 'x' is that of the pipeline 'A' already; give it another",
        ),
        (
            "pipelines:\n  tickets:\n  - label: 支持\n    stages: [{label: 新, closed: true}]",
            "p.yaml:4  pipelines.tickets.0.stages.0: no id can be made of '新'; give the stage an `id`",
        ),
        (
            "pipelines:\n  contacts:\n  - {label: A, stages: [{label: X}]}",
            "p.yaml:2  pipelines.contacts: the stages of contacts are written under `stages`, for contacts and"
            " companies",
        ),
        (
            "lifecycle_rules:\n  contacts:\n    creation: [led]",
            "p.yaml:3  lifecycle_rules.contacts.creation.0: no stage is called 'led'; choose from: subscriber, lead,"
            " marketingqualifiedlead, salesqualifiedlead, opportunity, customer, evangelist, other; did you mean"
            " 'lead'?",
        ),
        (
            "lists:\n- name: L\n  filters:\n    all:\n    - {property: jobtitel, is: CEO}",
            "p.yaml:5  lists.0.filters.all.0.property: contacts have no property 'jobtitel'; did you mean 'jobtitle'?",
        ),
        (
            "lists:\n- name: L\n  filters:\n    all:\n    - {property: jobtitle, above: 3}",
            "p.yaml:5  lists.0.filters.all.0.above: 'above' doesn't go with a string; choose from: is, is_not, was,"
            " was_never, contains, contains_not, starts_with, ends_with, updated_in_last_days,"
            " not_updated_in_last_days, known",
        ),
        (
            "lists:\n- name: L\n  filters:\n    all:\n    - {property: hs_lead_status, is: [NEW, OPNE]}",
            "p.yaml:5  lists.0.filters.all.0.is.1: hs_lead_status has no option 'OPNE'; choose from: NEW, OPEN,"
            " IN_PROGRESS, OPEN_DEAL, UNQUALIFIED, ATTEMPTED_TO_CONTACT, CONNECTED, BAD_TIMING; did you mean 'OPEN'?",
        ),
        (
            "lists:\n- name: L\n  filters:\n    all:\n    - {property: email}",
            "p.yaml:5  lists.0.filters.all.0: a condition asks one thing about its property, as in `is: lead`; this"
            " asks nothing",
        ),
        (
            "lists:\n- name: L\n  filters:\n    all:\n    - {list: M}",
            "p.yaml:5  lists.0.filters.all.0.list: no list is called 'M'; choose from: L",
        ),
        (
            "lists:\n- {name: L, filters: {all: [{list: M}]}}\n- {name: M, filters: {all: [{list: L}]}}",
            "p.yaml:2  lists.0: asks in its filters, through others, about itself",
        ),
        (
            "lists:\n- {name: L, kind: static, filters: {all: [{property: email, known: true}]}}",
            "p.yaml:2  lists.0: a static list has no filters; a snapshot is filled by them once",
        ),
        (
            "records:\n- contact: {emial: a@b.example}",
            'p.yaml:2  records.0.contact.emial: Property "emial" does not exist',
        ),
        (
            "records:\n- contact: {email: a@b.example, associated_with: $acme}\n- company: {as: acme, name: Acme}",
            "p.yaml:2  records.0.contact.associated_with.0: no record further up is called '$acme'; a record is"
            " associated with earlier ones",
        ),
        (
            "records:\n- contact: {email: a@b.example, created: 2026-02-02}\n"
            "- contact: {email: b@b.example, created: 2026-01-01}",
            "p.yaml:3  records.1.contact.created: lies before the record above, which was there at"
            " 2026-02-02T00:00:00Z; write records in the order of their dates",
        ),
        (
            "workflows:\n- name: W\n  actions:\n  - {set: lifecyclestage, to: led}",
            "p.yaml:4  workflows.0.actions.0.to: lifecyclestage has no option 'led'; choose from: subscriber, lead,"
            " marketingqualifiedlead, salesqualifiedlead, opportunity, customer, evangelist, other; did you mean"
            " 'lead'?",
        ),
    ],
)
def test_what_only_a_portal_can_tell(text: str, found: str) -> None:
    """Names of properties, their values, and what HubSpot itself would refuse: file, line, and the choices."""
    assert problems(text) == [found]


def test_all_problems_are_said_at_once() -> None:
    """In the order of the file."""
    text = (
        "properties:\n  contacts:\n  - {name: hs_a}\n  - {name: B}\nassociation_labels:\n- {from: a, to: b, label: x}"
    )
    assert [problem.partition("  ")[0] for problem in problems(text)] == ["p.yaml:3", "p.yaml:4", "p.yaml:6"]


def test_a_portal_is_not_made_of_a_wrong_configuration() -> None:
    """Whoever makes it in Python is told the place as well."""
    configuration = Configuration.model_validate({"records": [{"contact": {"emial": "a@b.example"}}]})
    with pytest.raises(ConfigurationError, match=r"^records\.0\.contact\.emial: Property") as caught:
        Portal(configuration)
    assert caught.value.place == ("records", 0, "contact", "emial")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("{}", []),
        (STARTER, []),
        ("settings: {company_sync: {enabled: false}}", []),
        ("settings: {company_sync: {enabled: false, on_association: true}}", ["settings.company_sync.on_association"]),
        ("settings: {default_stage: {contacts: customer}}", ["settings.deal_created", "settings.deal_won"]),
        ("settings: {deal_won: lead}", ["settings.deal_won", "settings.deal_won"]),
        ("settings: {default_stage: {companies: other}}", ["settings.default_stage.companies"]),
        ("forms: [{name: F, contact_stage: subscriber, company_stage: lead}]", ["forms.0.contact_stage"]),
    ],
)
def test_contradictions(text: str, places: list[str]) -> None:
    """What has no effect, or another one than it seems, is a warning."""
    configuration = load_portal(parse(text, "p.yaml"))
    assert [".".join(map(str, one.place)) for one in contradictions(configuration)] == places
