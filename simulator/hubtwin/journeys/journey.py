"""A journey as a file: who comes, what they do, and who sells to them."""

from pathlib import Path

from pydantic import PrivateAttr

from hubtwin.files import Document, FileError, load, read
from hubtwin.files.documents import Place
from hubtwin.journeys.fields import Remarks
from hubtwin.journeys.graph import problems
from hubtwin.journeys.names import Names
from hubtwin.journeys.states import AnyState
from hubtwin.market.arrivals import Arrivals
from hubtwin.market.people import Colleagues
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.portal import Portal
from hubtwin.teams.team import SalesTeam


class Journey(Part):
    """How buyers come and what they do, from the state *start* to an end, and the team that sells to them."""

    journey: Name
    title: str = ""
    remarks: Remarks = ()
    arrivals: Arrivals
    colleagues: Colleagues = Colleagues()
    team: SalesTeam
    start: Name
    states: dict[Name, AnyState]

    _document: Document = PrivateAttr(default=Document("journey", None, {}))

    @classmethod
    def read(cls, path: Path | str) -> "Journey":
        """The journey in a file. Raises FileError, as `parse` does."""
        return cls.parse(read(path))

    @classmethod
    def parse(cls, document: Document) -> "Journey":
        """The journey in a document.

        Raises FileError where something in it is wrong, or where a state can't be reached or never left.
        """
        journey = load(document, cls)
        journey._document = document
        journey._refuse(problems(journey.start, journey.states))
        return journey

    def check(self, portal: Portal) -> None:
        """Check that a portal has all that the journey names.

        Raises FileError, with one line for each problem: `file:line  path: what is wrong; what is allowed`.
        """
        names = Names(portal, self.team.name, self.team.working_hours.longest_task)
        self.team.check(names, ("team",))
        for name, state in self.states.items():
            state.check(names, ("states", name))
        self._refuse(names.problems)

    def _refuse(self, problems: list[tuple[Place, str]]) -> None:
        if problems:
            raise FileError([self._document.problem(place, message) for place, message in problems])
