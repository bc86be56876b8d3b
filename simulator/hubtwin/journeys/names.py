"""What a journey may name: checked before a run starts."""

from collections.abc import Iterator
from contextlib import contextmanager

from hubtwin.files.documents import Place
from hubtwin.portal.errors import PortalError, UnknownName
from hubtwin.portal.moments import MINUTE, spoken
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.portal import Portal


class Names:
    """The names of one portal, and the *problems* found so far, each with its place in the journey's file.

    Whoever hosts meetings is in *team* and has time for none longer than *longest*, in milliseconds.
    """

    def __init__(self, portal: Portal, team: str, longest: int) -> None:
        self.problems: list[tuple[Place, str]] = []
        self._portal = portal
        self._team = team
        self._members = {user.email for user in portal.users if user.team == team}
        self._longest = longest

    @contextmanager
    def _at(self, place: Place) -> Iterator[None]:
        try:
            yield
        except PortalError as error:
            self.problems.append((place, str(error)))

    def form(self, name: str, place: Place) -> None:
        """Check that the portal has a form of this name."""
        with self._at(place):
            self._portal.forms.find(name)

    def meeting_link(self, slug: str, place: Place) -> None:
        """Check that the portal has this meetings link, and that somebody in the team has time for it."""
        with self._at(place):
            link = self._portal.meetings.find(slug)
            if self._members and self._portal.users.find(link.user).email not in self._members:
                self.problems.append((place, f"{slug!r} is a link of {link.user}, who is not in team {self._team!r}"))
            if link.minutes * MINUTE > self._longest:
                longest = spoken(self._longest)
                self.problems.append((place, f"{slug!r} takes {link.minutes}m; half a working day is {longest}"))

    def team(self, name: str, place: Place) -> None:
        """Check that some of the portal's users are in this team."""
        teams = sorted({user.team for user in self._portal.users if user.team})
        if name not in teams:
            self.problems.append((place, str(UnknownName("team", name, teams))))

    def contact_property(self, name: str, place: Place) -> None:
        """Check that contacts have this property."""
        with self._at(place):
            self._portal.properties[CONTACTS].find(name)

    def stage(self, id: str, place: Place, type: ObjectType = CONTACTS) -> None:
        """Check that there is such a lifecycle stage."""
        if self._portal.pipelines[type].stage(id) is None:
            stages = [stage.id for pipeline in self._portal.pipelines[type] for stage in pipeline.stages]
            self.problems.append((place, str(UnknownName("lifecycle stage", id, stages))))
