"""The lifecycle: its stages, the settings that move records through them, and what HubSpot leaves open about it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hubtwin.portal.configuration.leads import LeadSettings
from hubtwin.portal.configuration.parts import Defines, Name, Part, Span, StageName
from hubtwin.portal.stages import BACKWARD, Verdict


class LifecycleStage(Part):
    """A lifecycle stage: the value that records carry, and its label."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$"), Defines("stage")]
    label: Name
    color: Name | None = None
    """The colour that pages show it in, shared by contacts and companies (F1.18)."""
    description: str = ""
    """What makes a record one of this stage, in words that the whole team shares."""
    owner: Name | None = None
    """Who looks after records in this stage, such as `marketing` or `sales`."""
    calculated: bool = True
    """Whether the stage has its calculated properties: when it was entered and left, and for how long (F1.18.1)."""


class DefaultStages(Part):
    """The stage of a new record that brings none; null leaves it empty (F3.1)."""

    contacts: StageName | None = "lead"
    """The stage of a new contact."""
    companies: StageName | None = "lead"
    """The stage of a new company."""


class CompanySync(Part):
    """*Sync lifecycle stages*: contacts follow their company (F3.5)."""

    enabled: bool = True
    """Whether contacts follow at all."""
    contacts: Literal["primary", "all"] = "primary"
    """Which contacts follow: those whose primary company it is, or all associated ones (F3.5)."""
    on_association: bool = True
    """Whether a contact that gets a company further on follows at once (F3.10)."""
    direction: Literal["to_contacts", "both"] = "to_contacts"
    """Whether companies follow their contacts too: one guide of 2026 says so, HubSpot's own do not (F3.5.1)."""


class Settings(Part):
    """Settings → Objects → Contacts and Companies → Lifecycle Stage (F3.1 to F3.14)."""

    default_stage: DefaultStages = DefaultStages()
    deal_created: StageName | None = "opportunity"
    """The stage of contacts and companies associated with an open deal (F3.2, F3.6)."""
    deal_won: StageName | None = "customer"
    """The stage of contacts and companies of which a deal is won (F3.3, F3.7)."""
    lead_associated: StageName | None = "lead"
    """The stage of contacts and companies associated with a lead record (F3.4)."""
    leads: LeadSettings = LeadSettings()
    company_sync: CompanySync = CompanySync()
    company_by_domain: bool = False
    """*Create and associate companies with contacts*, by the domain of their e-mail address (W3.17)."""


class Options(Part):
    """What HubSpot leaves open, or what its sources contradict each other about."""

    era: Literal["2018", "2021", "2022", "now"] = "now"
    """Which year's account it is: before 2023 the stage of a new contact went by who made it (F4.1), and before
    2022-09-30 stages could not be changed (F1.20)."""
    became_date: Literal["latest", "first"] = "latest"
    """Which entry into a stage `hs_lifecyclestage_<stage>_date` keeps (F1.29)."""
    backward: dict[str, Literal["set", "kept", "refused"]] = Field(default={})
    """Exceptions to what a backward move does, by source type (F2.b1 to F2.b12), as in `IMPORT: set`."""

    required_properties: Literal["checked", "unchecked"] = "checked"
    """Whether a new record needs what HubSpot's documentation says; old recordings show deals without any (W2.5.3)."""
    stage_times: Literal["milliseconds", "seconds"] = "milliseconds"
    """The unit of times in a stage (F1.26)."""
    became_date_in_search: Literal["accepted", "refused"] = "accepted"
    """Whether searches may name `hs_lifecyclestage_<stage>_date`; one guide says they are answered 400 (F1.31)."""
    score_decay: Literal["linear", "compounding"] = "linear"
    """Whether a decay takes a part of an event's original points each time, or of those that are left (F10.5.6)."""
    flow_errors: Literal["explained", "bare"] = "explained"
    """What the API says of a workflow that can't be made: what is wrong and where, or HubSpot's few words (F7.19)."""
    flow_members: Literal["all", "single"] = "all"
    """Whether a workflow sent to the API needs all members that HubSpot's schema requires, or only those that are no
    lists or maps: some integrators leave these out (F7.2)."""
    workflow_delay: Span = 0
    """How long a record that a workflow enrolls waits for the first action; 4 to 6 seconds were observed (F7.30.1)."""
    association_labels: int = Field(default=10, ge=1)
    """How many labels two object types may have between them (W3.12.4)."""

    unknown_tokens: Literal["accepted", "refused"] = "accepted"
    """Whether a bearer token that no app has opens the portal all the same (W6.9.1)."""

    def backward_verdicts(self) -> dict[str, Verdict]:
        """The stage rule's table with these exceptions."""
        return {**BACKWARD, **{source: Verdict(verdict) for source, verdict in self.backward.items()}}
