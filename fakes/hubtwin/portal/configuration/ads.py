"""Ad accounts and their lead forms."""

from typing import Annotated, Literal

from pydantic import Field

from hubtwin.portal.configuration.parts import Defines, Name, Part, StageName


class AdForm(Part):
    """A lead form that people fill in on the ad network, without coming to the website."""

    name: Annotated[Name, Defines("lead form")]
    fields: Annotated[tuple[Name, ...], Field(min_length=1)] = ("email", "firstname", "lastname")
    """The properties of contacts that it asks for."""
    campaign: str = ""
    """The campaign of its ad."""
    contact_stage: StageName | None = None
    """The stage of the contacts that it makes; null leaves it to the account's default (F4.17)."""


class AdAccount(Part):
    """An ad account that is connected, and the lead forms that are synced from it."""

    name: Annotated[Name, Defines("ad account")]
    network: Literal["facebook", "linkedin", "google"]
    lead_forms: tuple[AdForm, ...] = ()
    """Its lead forms."""
