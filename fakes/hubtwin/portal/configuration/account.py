"""The account's own facts, and the programs that may call it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from hubtwin.portal.configuration.parts import Defines, Name, Part, Secret, Span, TimeZone


class Account(Part):
    """The account's own facts."""

    id: int = Field(default=1, ge=1)
    """The portal id, also called hub id."""
    name: Name = "HubTwin portal"
    time_zone: TimeZone = "UTC"
    """Where days begin and end, as in `Europe/Helsinki`."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    """The currency of amounts that name none."""
    locales: Annotated[tuple[str, ...], Field(min_length=1)] = ("en_US",)
    """Where the people of a simulation come from, as Faker names it: `fi_FI`, `zh_TW`."""
    ui_domain: str = "app.hubspot.com"
    """The host of links to records; `app-eu1.hubspot.com` makes it a European account."""

    @property
    def hublet(self) -> str:
        """Where HubSpot keeps the account, as its tokens and domains name it: `na1`, `eu1`."""
        _, dash, rest = self.ui_domain.partition(".")[0].partition("-")
        return rest if dash else "na1"


class OAuth(Part):
    """How a public app is installed (W6.9.4). With a *refresh_token* it has been installed already."""

    client_id: Annotated[Secret, Defines("client id")]
    """What the app calls itself."""
    client_secret: Secret
    """What only it and HubSpot know."""
    redirect_uri: Secret
    """Where people are led once they have agreed."""
    refresh_token: Secret | None = None
    """The token that gets it new access tokens."""


class App(Part):
    """A program that may call the API: a private app or service key, or with *oauth* a public app (W6.9)."""

    name: Annotated[Name, Defines("app")]
    id: Annotated[int | None, Defines("app id")] = Field(default=None, ge=2)
    """What histories show as the writer; by default the next free number."""
    scopes: tuple[Secret, ...] | None = None
    """What it was granted; null grants everything."""
    token: Annotated[Secret | None, Defines("token")] = None
    """Its access token; a private app has one in any case."""
    expires_in: Span | None = None
    """How long the token works, from the moment at which the portal's clock starts: `30m`, `7d`."""
    oauth: OAuth | None = None

    @model_validator(mode="after")
    def _something_expires(self) -> "App":
        if self.expires_in is not None and self.oauth is not None and self.token is None:
            raise ValueError("expires_in is about the token, and this public app has none until it is installed")
        return self


class Limits(Part):
    """How often apps may call (W7.1). A number given here goes before that of the plan."""

    plan: Literal["free", "starter", "professional", "enterprise"] = "professional"
    """The plan whose limits hold."""
    add_ons: int = Field(default=0, ge=0, le=2)
    """How many API limit increases the account bought."""
    burst: int | None = Field(default=None, ge=1)
    """Calls of one app in 10 seconds."""
    daily: int | None = Field(default=None, ge=1)
    """Calls of all private apps from midnight to midnight."""
    search: int | None = Field(default=None, ge=1)
    """Searches of the account in a second."""
    submissions: int | None = Field(default=None, ge=1)
    """Submissions of forms without a token in 10 seconds (W7.9)."""
    associations: int | None = Field(default=None, ge=1)
    """Calls of the associations API by all private apps from midnight to midnight (W7.10)."""
