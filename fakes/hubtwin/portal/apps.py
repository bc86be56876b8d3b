"""Apps: the programs that may call a portal's API, and the tokens that they show for it (W6.9).

A private app, or service key, has one token for good. A public app is installed by way of OAuth: a user's consent
gives out a code, the code is good for a refresh token, and that for one access token after the other.
"""

from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from uuid import UUID

from hubtwin.portal import configuration
from hubtwin.portal.clock import Clock
from hubtwin.portal.errors import UnknownName, choices
from hubtwin.portal.moments import MINUTE
from hubtwin.portal.sources import Source, integration

#: The id of the app that calls where a token is not known, and writes where a caller of the portal names no source.
DEFAULT_APP = 1

#: How long an access token works that a public app gets (W6.9.4).
LIFE = 30 * MINUTE


@dataclass(frozen=True, eq=False)
class App:
    """A program that may call the API.

    *scopes* are what it was granted, None where that is everything; *source* is what histories show of it.
    """

    id: int
    name: str
    scopes: frozenset[str] | None
    source: Source
    oauth: configuration.OAuth | None = None

    def __repr__(self) -> str:
        return f"<App {self.id}: {self.name}>"

    @property
    def is_private(self) -> bool:
        """Whether it is a private app or service key and not one that is installed by OAuth."""
        return self.oauth is None


@dataclass(frozen=True, eq=False)
class Installation:
    """A public app as a user let it in: with some *scopes*, and a token to refresh its access with."""

    app: App
    scopes: frozenset[str] | None
    refresh_token: str


@dataclass(slots=True, eq=False)
class Token:
    """An access token. *expires* is a moment, None for one that always works."""

    text: str
    app: App
    scopes: frozenset[str] | None
    expires: int | None = None
    is_revoked: bool = False


class Apps:
    """The apps of one portal, and all tokens and codes that are out."""

    def __init__(self, portal: configuration.Configuration, clock: Clock) -> None:
        self._account = portal.account
        self._clock = clock
        self._numbers = count(1)
        self._tokens: dict[str, Token] = {}
        self._codes: dict[str, Installation] = {}
        self._installations: dict[str, Installation] = {}
        self.default = App(DEFAULT_APP, "Default app", None, integration(DEFAULT_APP))
        self._apps = [self.default]
        self._keep(Token(f"pat-{self._account.hublet}-hubtwin-{self._account.id}", self.default, None))
        taken = {app.id for app in portal.apps}
        free = (number for number in count(DEFAULT_APP + 1) if number not in taken)
        for app in portal.apps:
            self._add(app, next(free) if app.id is None else app.id)

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def find(self, name: str) -> App:
        """The app with this name. Raises UnknownName."""
        for app in self._apps:
            if app.name == name:
                return app
        raise UnknownName("app", name, [app.name for app in self._apps])

    def client(self, client_id: str) -> App | None:
        """The public app with this client id."""
        return next((app for app in self._apps if app.oauth and app.oauth.client_id == client_id), None)

    def knows(self, words: Collection[str]) -> bool:
        """Whether one of *words* is a client id, a code or a token of this portal's."""
        known = (self._tokens, self._codes, self._installations)
        return any(word in held for word in words for held in known) or any(map(self.client, words))

    # -- tokens ----------------------------------------------------------------------------------------

    def token(self, text: str) -> Token | None:
        """The access token of this text, though it may have expired or been revoked."""
        return self._tokens.get(text)

    def token_of(self, name: str) -> str:
        """The newest access token of the app with this name.

        Raises UnknownName, and ValueError for a public app that has none yet.
        """
        app = self.find(name)
        for token in reversed(self._tokens.values()):
            if token.app is app:
                return token.text
        raise ValueError(f"the public app {name!r} has no access token yet: install it and redeem the code")

    def installation(self, refresh_token: str) -> Installation | None:
        """The installation that a refresh token belongs to."""
        return self._installations.get(refresh_token)

    def revoke(self, text: str) -> bool:
        """Take back an access token or a refresh token; whether there was one."""
        if text in self._tokens:
            self._tokens[text].is_revoked = True
            return True
        return self._installations.pop(text, None) is not None

    # -- installing ------------------------------------------------------------------------------------

    def install(self, name: str, scopes: Collection[str] | None = None) -> str:
        """Let a public app in, as a user does on the consent page: the code that its redirect URI is given.

        *scopes* are those that it asks for; all that it has, where it names none. The scope `oauth` is
        everybody's. Raises UnknownName for anything but a public app, ValueError for scopes that the app doesn't
        have.
        """
        app = self.find(name)
        if app.oauth is None:
            raise UnknownName("public app", name, [one.name for one in self._apps if one.oauth])
        asked = frozenset(scopes or ()) - {"oauth"}
        if app.scopes is not None and (more := sorted(asked - app.scopes)):
            raise ValueError(f"the app {name!r} has no scope {more[0]!r}; {choices(more[0], sorted(app.scopes))}")
        granted = asked if scopes else app.scopes
        code = self._mint_id("code", app)
        self._codes[code] = Installation(app, granted, self._mint_id("refresh", app))
        return code

    def redeem(self, app: App, code: str) -> Installation | None:
        """The installation that *code* stands for. A code is good once, for the app that it was given to."""
        installation = self._codes.get(code)
        if installation is None or installation.app is not app:
            return None
        del self._codes[code]
        self._installations[installation.refresh_token] = installation
        return installation

    def issue(self, installation: Installation) -> Token:
        """A new access token for an installed app; the ones before it work on until they expire."""
        text = f"C{urlsafe_b64encode(self._digest('access', installation.app, 48)).decode()}"
        return self._keep(Token(text, installation.app, installation.scopes, self._clock.now + LIFE))

    # -- making ----------------------------------------------------------------------------------------

    def _add(self, declared: configuration.App, id: int) -> None:
        scopes = None if declared.scopes is None else frozenset(declared.scopes)
        app = App(id, declared.name, scopes, integration(id), declared.oauth)
        self._apps.append(app)
        if app.oauth is not None and app.oauth.refresh_token is not None:
            self._installations[app.oauth.refresh_token] = Installation(app, scopes, app.oauth.refresh_token)
        text = declared.token or (self._mint_id("pat", app) if app.is_private else None)
        life = LIFE if declared.expires_in is None and not app.is_private else declared.expires_in
        if text is not None:
            self._keep(Token(text, app, scopes, None if life is None else self._clock.now + life))

    def _keep(self, token: Token) -> Token:
        self._tokens[token.text] = token
        return token

    def _mint_id(self, kind: str, app: App) -> str:
        """A new code or token that looks like an id: `na1-…`, or `pat-na1-…` for private apps (W6.9)."""
        start = f"pat-{self._account.hublet}" if kind == "pat" else self._account.hublet
        return f"{start}-{UUID(bytes=self._digest(kind, app, 16))}"

    def _digest(self, kind: str, app: App, size: int) -> bytes:
        """Bytes that nobody guesses, and that are the same in every run."""
        text = f"{self._account.id} {app.id} {kind} {next(self._numbers)}"
        return blake2b(text.encode(), digest_size=size, person=b"hubtwin token").digest()
