"""A second marketing system: people with a score and a stage of its own, in two-way sync with contacts (S4.8)."""

from typing import TYPE_CHECKING

from hubtwin.connected.connector import Connector
from hubtwin.connected.object_sync import ObjectSync
from hubtwin.connected.passages import Ends
from hubtwin.connected.tables import Column, Row, Table
from hubtwin.portal import configuration
from hubtwin.portal.configuration.other_fields import PERSON
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.objects import CONTACTS

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

RULE = "connected.marketing_automation.people"


def _person_id(number: int) -> str:
    return f"p-{1000 + number}"


class MarketingAutomation(Connector):
    """A marketing automation system and its sync. A person's stage follows from the score, up and down."""

    def __init__(self, portal: "Portal", settings: configuration.MarketingAutomation) -> None:
        super().__init__(portal, settings.every)
        self._settings = settings
        self._decays = False
        stages = {"stage": tuple(stage.name for stage in settings.stages)}
        columns = {**PERSON, **stages, **settings.fields}
        self.people = Table("Person", tuple(Column(*column) for column in columns.items()), _person_id, portal.clock)
        self.people.watch(self._scored)
        ends = Ends(settings.name, RULE, "INTEGRATIONS_SYNC", CONTACTS, (self.people,), self.people, ("email", "email"))
        self.contacts = ObjectSync(portal, settings.people, ends, self.wake)
        self.syncs.append(self.contacts)

    def act(self, person: Row, activity: str) -> None:
        """Let a person do something that is worth points. Raises UnknownName."""
        points = self._settings.points
        if activity not in points:
            raise UnknownName("activity", activity, list(points))
        self.people.update(person, {"score": str(_score(person) + points[activity])})

    def _scored(self, person: Row, writer: object) -> None:
        """The stage follows the score, whoever changed it; a stage that was set stays until the score changes."""
        stamp, stages = person.stamps.get("score"), person.stamps.get("stage")
        if stamp is None or person.deleted is not None or (stages is not None and stages.moment > stamp.moment):
            return
        reached = [stage for stage in self._settings.stages if stage.score <= _score(person)]
        if reached:
            best = max(reached, key=lambda stage: stage.score)
            self.people.update(person, {"stage": best.name}, cause=stamp.cause)
        self._start_decay()

    def _start_decay(self) -> None:
        if self._settings.decay is not None and not self._decays:
            self._decays = True
            self._portal.clock.after(self._settings.decay.every, self._decay)

    def _decay(self) -> None:
        self._decays = False
        decay = self._settings.decay
        for person in list(self.people):
            if decay is not None and _score(person) > 0:
                self.people.update(person, {"score": str(max(_score(person) - decay.points, 0))})


def _score(person: Row) -> int:
    text = person.get("score")
    return int(float(text)) if text.replace(".", "", 1).isdigit() else 0
