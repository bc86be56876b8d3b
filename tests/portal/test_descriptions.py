"""On one page: how the lifecycle stages of a portal work now (S1.12, S4.12)."""

import re
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.descriptions import describe
from hubtwin.portal.markup import code, plain, quoted

NASTY = [
    "a | b",
    "*x* _y_ `z`",
    "<script>alert(1)</script>",
    "[a](http://b.example)",
    "# 1",
    'say "no"',
    "%%{init: {}}%%",
]

ACCOUNT: dict[str, Any] = {
    "account": {"name": "Acme"},
    "stages": [
        {"id": "lead", "label": "Lead", "description": "Gave an address", "owner": "marketing"},
        {"id": "salesqualifiedlead", "label": "SQL", "description": "Talked to sales", "owner": "sales"},
        {"id": "opportunity", "label": "Opportunity"},
        {"id": "customer", "label": "Customer"},
    ],
    "settings": {"lead_associated": None, "company_by_domain": True},
    "lifecycle_rules": {"contacts": {"no_backwards": "all", "no_skipping": ["opportunity"], "creation": ["lead"]}},
    "users": [{"email": "aino@acme.example", "first_name": "Aino", "team": "Sales"}],
    "forms": [{"name": "Demo", "contact_stage": "lead", "company_stage": "lead", "notify": ["aino@acme.example"]}],
    "chatflows": [
        {"name": "Help", "contact_stage": "lead", "assign": {"contact_owner": True, "team": "Sales"}},
        {"name": "Old", "contact_stage": "lead", "active": False},
    ],
    "workflows": [
        {"name": "Start over", "active": False, "actions": [{"clear": "lifecyclestage"}]},
        {
            "name": "Hand over",
            "enroll": {"when": {"all": [{"property": "lifecyclestage", "is": "lead"}]}},
            "actions": [{"set": "lifecyclestage", "to": "salesqualifiedlead"}, {"webhook": "https://acme.example/in"}],
        },
    ],
    "lists": [{"name": "Far", "filters": {"all": [{"property": "lifecyclestage", "is": ["opportunity", "customer"]}]}}],
    "scores": [],
    "connected": {
        "salesforce": {"hand_over": {"stage": "salesqualifiedlead", "representatives": ["Sam", "Kim"]}},
        "billing": {"plans": [{"name": "Pro", "amount": 10}]},
    },
    "ads": [{"name": "A", "network": "google", "lead_forms": [{"name": "Guide", "contact_stage": "lead"}]}],
}


def page_of(data: dict[str, Any]) -> str:
    return describe(Portal(Configuration.model_validate(data)))


def section(page: str, heading: str) -> list[str]:
    """The lines below a heading, up to the next one of its level or above."""
    level = heading.partition(" ")[0]
    _, _, rest = page.partition(f"\n{heading}\n")
    body = re.split(rf"\n#{{1,{len(level)}}} ", rest)[0]
    return [line for line in body.splitlines() if line]


@pytest.fixture(scope="module")
def page() -> str:
    """The page of the account above."""
    return page_of(ACCOUNT)


def test_what_makes_one_and_who_owns_it(page: str) -> None:
    """S4.12: the team's dictionary, in the order of the stages."""
    assert section(page, "## The stages, in order") == [
        "| stage | id | what makes one | owner |",
        "| --- | --- | --- | --- |",
        "| Lead | `lead` | Gave an address | marketing |",
        "| SQL | `salesqualifiedlead` | Talked to sales | sales |",
        "| Opportunity | `opportunity` | - | - |",
        "| Customer | `customer` | - | - |",
    ]


def test_how_many_are_in_each_stage() -> None:
    """Where there are any records; the live portal is counted, not its file."""
    portal = Portal()
    portal.create("contacts", {"email": "ada@acme.example", "lifecyclestage": "customer"})
    lines = section(describe(portal), "## The stages, in order")
    assert lines[0] == "| stage | id | what makes one | owner | contacts |"
    assert "| Customer | `customer` | - | - | 1 |" in lines


def test_what_happens_by_itself(page: str) -> None:
    """Defaults and settings, as sentences."""
    assert section(page, "## What happens by itself") == [
        "- A new contact begins in **Lead**.",
        "- A new company begins in **Lead**.",
        "- An open deal moves its contacts and companies on to **Opportunity**.",
        "- A won deal moves its contacts and companies on to **Customer**.",
        "- A lead record moves nobody.",
        "- A company takes the contacts whose primary company it is along. Who joins a company later follows at once.",
        "- A new contact finds its company by the domain of its address; where there is none, one is made.",
        "- None of this moves a record back.",
    ]


def test_settings_as_they_are_now() -> None:
    """S1.12: also those that somebody changed since the file was written."""
    portal = Portal()
    portal.change_settings({"company_sync.enabled": False, "default_stage.companies": None})
    lines = section(describe(portal), "## What happens by itself")
    assert {"- Companies take no contacts along.", "- A new company begins in no stage."} <= set(lines)
    portal.change_settings({"company_sync.enabled": True, "company_sync.contacts": "all"})
    assert any(
        "takes all its contacts along" in line for line in section(describe(portal), "## What happens by itself")
    )


def test_what_writes_a_stage(page: str) -> None:
    """S1.12: every setting, form, chat, workflow, ad and connected system, with its place in the file."""
    assert section(page, "### Lead") == [
        "- setting default\\_stage.contacts, contacts (`settings.default_stage.contacts`)",
        "- setting default\\_stage.companies, companies (`settings.default_stage.companies`)",
        "- form Demo, contacts (`forms.0.contact_stage`)",
        "- form Demo, companies (`forms.0.company_stage`)",
        "- chatflow Help, contacts (`chatflows.0.contact_stage`)",
        "- chatflow Old, which is off, contacts (`chatflows.1.contact_stage`)",
        "- lead form Guide, contacts (`ads.0.lead_forms.0.contact_stage`)",
    ]
    assert section(page, "### SQL") == ["- workflow Hand over, contacts (`workflows.1.actions.0`)"]
    assert "- billing, contacts and companies (`connected.billing.customer_stage`)" in section(page, "### Customer")
    assert "- workflow Start over, which is off, contacts (`workflows.0.actions.0`)" in section(
        page, "### Any stage, or none"
    )


def test_what_asks_for_the_stage(page: str) -> None:
    """With the stages that it asks for."""
    assert section(page, "## What asks for the stage") == [
        "- list Far, contacts (`lists.0`): **Opportunity** or **Customer**",
        "- workflow Hand over, contacts (`workflows.1.enroll`): **Lead**",
        "- Salesforce, contacts (`connected.salesforce.hand_over.stage`): **SQL**",
    ]


def test_messages_and_hand_overs(page: str) -> None:
    """S4.12: who is told, who gets conversations and leads, what workflows do step by step."""
    assert section(page, "## Messages and hand-overs") == [
        "- form Demo tells Aino",
        "- conversations of chatflow Help go to the contact's owner and the team Sales",
        "- conversations of chatflow Old wait in the inbox",
        "- at **SQL** a Salesforce lead and a task go to Sam and Kim, by turns",
        "- workflow Start over (off): Edit record",
        "- workflow Hand over: Edit record → Webhook",
    ]


def test_backward_moves(page: str) -> None:
    """F2.b1 to F2.b12: what becomes of one, by channel; as this portal has it."""
    lines = section(page, "## When somebody writes an earlier stage")
    assert "| by hand in the record | goes back |" in lines
    assert "| workflow | stays, and the writer gets an error |" in lines
    assert "| import | stays, and the writer is not told |" in lines
    other = page_of({"options": {"backward": {"IMPORT": "set"}}})
    assert "| import | goes back |" in section(other, "## When somebody writes an earlier stage")


def test_pipeline_rules(page: str) -> None:
    """F2.14: what people may not do, and who may."""
    assert section(page, "## What people may not do") == [
        "- bring back from any stage: contacts",
        "- take past **Opportunity**: contacts",
        "- create in another stage than **Lead**: contacts",
        "Super admins may, and so may workflows, imports and apps.",
    ]
    assert section(page_of({}), "## What people may not do") == ["- no pipeline rule binds them"]


def test_the_chart(page: str) -> None:
    """Stages one after the other, what writes them, and what they set off."""
    lines = [line.strip() for line in section(page, "## The chart")]
    assert lines[:2] + lines[-1:] == ["```mermaid", "flowchart LR", "```"]
    assert {'stage0["Lead"]', 'stage1["SQL"]', "stage0 --> stage1", "stage2 --> stage3"} <= set(lines)
    (flow,) = (line.partition("(")[0] for line in lines if "workflow Hand over" in line)
    assert {f"{flow} -.-> stage1", f"stage0 -. asked for .-> {flow}"} <= set(lines)


def test_what_was_made_later() -> None:
    """A form, list or workflow that came through the API is on the page as well."""
    portal = Portal()
    portal.lists.create("All customers", portal.type("contacts"), "DYNAMIC", CUSTOMERS)
    assert "- list All customers, contacts (`list 1`): **Customer**" in section(
        describe(portal), "## What asks for the stage"
    )


CUSTOMERS: dict[str, Any] = {
    "filterBranchType": "OR",
    "filterBranches": [
        {
            "filterBranchType": "AND",
            "filters": [
                {
                    "filterType": "PROPERTY",
                    "property": "lifecyclestage",
                    "operation": {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["customer"]},
                }
            ],
        }
    ],
}


def test_an_account_of_another_time() -> None:
    """C5: before 2023 no setting said where a contact begins."""
    lines = section(page_of({"options": {"era": "2021"}}), "## What happens by itself")
    assert lines[0] == "- A new contact begins as in 2021: by who makes it."


# -- names that are no words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NASTY)
def test_nasty_names(name: str) -> None:
    """They stay what they are: no table breaks, no HTML gets in, no chart ends early."""
    data = {
        "account": {"name": name},
        "stages": [{"id": "lead", "label": name, "description": name, "owner": name}, {"id": "customer", "label": "C"}],
        "settings": {"deal_created": None},
        "forms": [{"name": name, "contact_stage": "lead", "company_stage": "lead"}],
        "workflows": [{"name": name, "actions": [{"set": "lifecyclestage", "to": "customer"}]}],
        "chatflows": [{"name": name, "contact_stage": "lead"}],
    }
    page = page_of(data)
    rows = [line for line in section(page, "## The stages, in order") if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    text, _, chart = page.partition("```mermaid")
    assert not re.search(r"(?<!\\)<|(?<!\\)\[|(?<!\\)\]\(", text)
    assert chart.count("```") == 1
    assert all(re.search(r'^\s+\w+(\["[^"<>`]*"\]|\(\["[^"<>`]*"\]\)|\s.*>\s?\w+)$', line) for line in nodes(chart))


def nodes(chart: str) -> list[str]:
    return [line for line in chart.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize(
    ("text", "markdown", "in_code", "in_chart"),
    [
        ("Lead", "Lead", "`Lead`", '"Lead"'),
        ("a\n  b", "a b", "`a b`", '"a b"'),
        ("R&D", "R&amp;D", "`R&D`", '"R#38;D"'),
        ("a|b", "a\\|b", "`a\\|b`", '"a|b"'),
        ("`x`", "\\`x\\`", "`` `x` ``", '"#96;x#96;"'),
        ('"5%"', '"5%"', '`"5%"`', '"#34;5#37;#34;"'),
        ("#1 <b>", "\\#1 \\<b\\>", "`#1 <b>`", '"#35;1 #60;b#62;"'),
        ("客户 😀", "客户 😀", "`客户 😀`", '"客户 😀"'),
    ],
)
def test_signs_that_mean_something(text: str, markdown: str, in_code: str, in_chart: str) -> None:
    """In a line of Markdown, in code, and in a chart."""
    assert (plain(text), code(text), quoted(text)) == (markdown, in_code, in_chart)
