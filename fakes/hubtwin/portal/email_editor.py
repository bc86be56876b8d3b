"""What marketers write: new e-mails, drafts, copies, and earlier revisions taken back (W6.11.1, W6.11.9)."""

from collections.abc import MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hubtwin.portal.email_versions import Kind, MarketingEmail, Revision, Version
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import Numbers
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class EmailEditor:
    """The editor of one portal's marketing *emails*."""

    def __init__(self, portal: "Portal", emails: MutableMapping[int, MarketingEmail], ids: Numbers) -> None:
        self._portal = portal
        self._emails = emails
        self._ids = ids

    def create(
        self,
        version: Version,
        kind: Kind,
        *,
        rule: str | None = None,
        source: Source | None = None,
        id: int | None = None,
    ) -> MarketingEmail:
        """Make an e-mail, as a draft that nobody gets yet; *id* is one that none has, by default the next.

        Raises Refused where it has no name.
        """
        _check(version)
        now, user = self._portal.clock.now, self._user(source)
        email = MarketingEmail(self._ids.take(id), self._ids.take(), kind, rule, version, now, user, now, user)
        self._emails[email.id] = email
        self._revise(email, source)
        return email

    def clone(self, email: MarketingEmail, name: str, *, source: Source | None = None) -> MarketingEmail:
        """Make another e-mail of the same kind that says the same. Raises Refused where *name* is empty."""
        return self.create(replace(email.live, name=name, publish_date=None), email.kind, source=source)

    def change(self, email: MarketingEmail, version: Version, *, source: Source | None = None) -> None:
        """Let an e-mail say something else. Raises Refused where it has no name, or was sent."""
        _check(version)
        if email.scheduled is not None:
            raise Refused(f"E-mail {email.name!r} is scheduled; unpublish it first")
        email.live = version
        self._revise(email, source)

    def change_draft(self, email: MarketingEmail, version: Version) -> None:
        """Write a draft beside what readers get. Raises Refused where it has no name."""
        _check(version)
        email.draft = version

    def take_draft(self, email: MarketingEmail, *, source: Source | None = None) -> None:
        """Let readers get what was drafted, if anything was."""
        if email.draft is not None:
            email.live, email.draft = email.draft, None
            self._revise(email, source)

    def reset_draft(self, email: MarketingEmail) -> None:
        """Throw a draft away."""
        email.draft = None

    def revision(self, email: MarketingEmail, id: int) -> Revision:
        """The revision with this id. Raises UnknownName."""
        for revision in email.revisions:
            if revision.id == id:
                return revision
        raise UnknownName("revision", str(id), [str(revision.id) for revision in email.revisions])

    def restore(self, email: MarketingEmail, revision: Revision, *, source: Source | None = None) -> None:
        """Let readers get what an earlier revision said. Raises Refused."""
        self.change(email, revision.version, source=source)

    def archive(self, email: MarketingEmail) -> None:
        """Move an e-mail to the bin; it goes to nobody any more."""
        if email.archived is None:
            email.archived = self._portal.clock.now

    def unarchive(self, email: MarketingEmail) -> None:
        """Take an e-mail out of the bin."""
        email.archived = None

    def _revise(self, email: MarketingEmail, source: Source | None) -> None:
        email.updated, email.updated_by = self._portal.clock.now, self._user(source)
        email.revisions.append(Revision(len(email.revisions) + 1, email.live, email.updated, email.updated_by))

    def _user(self, source: Source | None) -> int:
        """The id of the user who writes; apps write as the first user, who installed them (our model)."""
        if source is not None and source.user is not None:
            return source.user
        return next((owner.user_id for owner in self._portal.users), 0)


def _check(version: Version) -> None:
    if not version.name.strip():
        raise Refused("A marketing e-mail needs a name")
