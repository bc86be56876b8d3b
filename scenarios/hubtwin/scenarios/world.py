"""The world of one running test: its portal and the records that it has names for."""

from dataclasses import dataclass, field

from hubtwin.portal import Portal, Record, Source
from hubtwin.portal.sources import person


@dataclass
class World:
    """A test's own *portal*, and its *records* by alias."""

    portal: Portal
    records: dict[str, Record] = field(default_factory=dict)

    def writer(self, email: str | None) -> Source | None:
        """The user with this e-mail address, at the screen; None, which is an app, where no user is named."""
        if email is None:
            return None
        user = self.portal.users.find(email)
        return person(user.user_id, user.name)

    def bind(self, alias: str | None, record: Record) -> None:
        """Let *alias*, where there is one, name *record*."""
        if alias is not None:
            self.records[alias] = record
