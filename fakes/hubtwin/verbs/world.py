"""The world that verbs act in: a portal, and how its records are called."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from hubtwin.portal import Portal, PortalError, Record, Source
from hubtwin.portal.sources import person


class World(ABC):
    """A *portal*, and what its records are called."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    @abstractmethod
    def record(self, reference: str) -> Record:
        """The record that a reference names. Raises PortalError."""

    @abstractmethod
    def bind(self, alias: str | None, record: Record) -> None:
        """Let *alias*, where there is one, name *record*."""

    @contextmanager
    def wholly(self) -> Iterator[None]:
        """Let nothing be left of what is done in this block where the portal refuses in the midst of it."""
        before = self.portal.snapshot()
        try:
            yield
        except PortalError:
            self.portal.restore(before)
            raise

    def writer(self, email: str | None) -> Source | None:
        """The user with this e-mail address, at the screen; None, which is an app, where no user is named."""
        if email is None:
            return None
        user = self.portal.users.find(email)
        return person(user.user_id, user.name)
