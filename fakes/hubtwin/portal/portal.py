"""The portal: one HubSpot account as one object. It owns all state; nothing of it lives outside."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

from hubtwin.connected.systems import Connected
from hubtwin.portal import seeding, snapshots
from hubtwin.portal.ads import Ads
from hubtwin.portal.apps import Apps
from hubtwin.portal.association_labels import AssociationLabels
from hubtwin.portal.associations import Associations, AssociationType
from hubtwin.portal.automation import Automation
from hubtwin.portal.chatflows import Chatflows
from hubtwin.portal.clock import DEFAULT_START, Clock
from hubtwin.portal.companies_by_domain import CompaniesByDomain
from hubtwin.portal.configuration import Configuration, Settings
from hubtwin.portal.conversations import Conversations
from hubtwin.portal.custom_actions import CustomActions
from hubtwin.portal.custom_code import CustomCode
from hubtwin.portal.custom_events import CustomEvents
from hubtwin.portal.definitions import Definitions
from hubtwin.portal.errors import Refused
from hubtwin.portal.exports import Exports
from hubtwin.portal.flows.workflows import Workflows
from hubtwin.portal.forms import Forms
from hubtwin.portal.imports import Imports
from hubtwin.portal.lead_automation import LeadAutomation
from hubtwin.portal.limits_tracking import LimitsTracking
from hubtwin.portal.lists import Lists
from hubtwin.portal.log import Entry, Log
from hubtwin.portal.mailbox import Mailbox
from hubtwin.portal.marketing_emails import MarketingEmails
from hubtwin.portal.marketing_events import MarketingEvents
from hubtwin.portal.meetings import Meetings
from hubtwin.portal.notifications import Notifications
from hubtwin.portal.objects import USERS, ObjectType, ObjectTypes
from hubtwin.portal.outbox import Outbox
from hubtwin.portal.pipeline_changes import PipelineChanges
from hubtwin.portal.pipeline_rules import PipelineRules
from hubtwin.portal.pipelines import Pipelines
from hubtwin.portal.preferences import Preferences
from hubtwin.portal.properties import Properties
from hubtwin.portal.property_changes import PropertyChanges
from hubtwin.portal.reactions import Reactions
from hubtwin.portal.records import Record, Records
from hubtwin.portal.schemas import Schemas
from hubtwin.portal.scores import Scores
from hubtwin.portal.screen import Screen
from hubtwin.portal.seeding import Seeding
from hubtwin.portal.settings_changes import SettingsChanges
from hubtwin.portal.sightings import Sightings
from hubtwin.portal.snapshots import Snapshot
from hubtwin.portal.sources import Source
from hubtwin.portal.stages import Verdict, judge
from hubtwin.portal.stories import tell
from hubtwin.portal.timeline import Timeline
from hubtwin.portal.tracking import Tracking
from hubtwin.portal.usage import Usage
from hubtwin.portal.user_records import UserRecords
from hubtwin.portal.users import Owner, Users
from hubtwin.portal.uses import Assets
from hubtwin.portal.values import Scalar
from hubtwin.portal.views import Views
from hubtwin.portal.visitor_identification import VisitorIdentification
from hubtwin.portal.writes import Link, Outcome, Writes

#: Ids start here, so that they can't be taken for positions, and are unique in the whole portal, so that the id
#: of a contact is never that of a company too.
FIRST_ID = 1001


class Portal:
    """A HubSpot account: its records, its configuration, its clock and all that ever happened in it.

    *configuration* is what the account's administrators decided; *start* is the moment at which its clock
    stands at first, in milliseconds.
    """

    _beginning: tuple[Configuration, int] | None = None
    _own: frozenset[str] = frozenset()

    def __init__(self, configuration: Configuration | None = None, *, start: int = DEFAULT_START) -> None:
        self.configuration = configuration or Configuration()
        self.settings = self.configuration.settings
        self.ids = count(FIRST_ID)
        self.clock = Clock(seeding.beginning(self.configuration, start))
        self.apps = Apps(self.configuration, self.clock)
        self.app = self.apps.default.source
        self.usage = Usage(self.configuration, self.clock)
        self.log = Log()
        self.reactions = Reactions(self.log, tell)
        self.sightings = Sightings(self.log)
        self._define(start)
        self._open_channels()
        self.assets: tuple[Assets, ...] = (
            *(self.automation, self.lead_automation, self.forms, self.chatflows, self.lists, self.scores, self.views),
            self.marketing_emails,
            *(self.workflows, self.ads, self.connected),
        )

        # What it was made of, and which attributes a snapshot holds: not those that a subclass adds.
        self._beginning = self._beginning or (self.configuration, start)
        self._own = self._own or frozenset(vars(self))
        self.seeding.plant(start)

    def _define(self, start: int) -> None:
        """Make what records are: their types, properties, pipelines and associations, and the one write path."""
        self.types = ObjectTypes()
        self.associations = Associations()
        self.pipelines: dict[ObjectType, Pipelines] = {}
        self.properties: dict[ObjectType, Properties] = {}
        self.records: dict[ObjectType, Records] = {}
        self.definitions = Definitions(self)
        for type in self.types:
            self.make_room_for(type)
        self.records[USERS] = user_records = UserRecords(self.clock)
        self.users = Users(self.configuration.users, start, user_records, self.configuration.teams)
        self.pipeline_rules = PipelineRules(self)
        self.pipeline_changes = PipelineChanges(self)
        self.property_changes = PropertyChanges(self)
        self.association_labels = AssociationLabels(self)
        self.schemas = Schemas(self)
        self.definitions.define()
        self.writes = Writes(
            clock=self.clock,
            log=self.log,
            reactions=self.reactions,
            records=self.records,
            properties=self.properties,
            pipelines=self.pipelines,
            rules=self.pipeline_rules,
            associations=self.associations,
            configuration=self.configuration,
            settings=self._settings,
            owner_ids=self.users.ids,
            ids=self.ids,
            backward=self.configuration.options.backward_verdicts(),
        )

    def _open_channels(self) -> None:
        """Make all that writes records and reacts to what is written, each after those that it asks."""
        self.automation = Automation(self)
        self.lead_automation = LeadAutomation(self)
        self.companies_by_domain = CompaniesByDomain(self)
        self.settings_changes = SettingsChanges(self)
        self.tracking = Tracking(self)
        self.preferences = Preferences(self)
        self.forms = Forms(self)
        self.imports = Imports(self)
        self.exports = Exports(self)
        self.custom_events = CustomEvents(self)
        self.timeline = Timeline(self)
        self.marketing_events = MarketingEvents(self)
        self.lists = Lists(self)
        self.scores = Scores(self)
        self.views = Views(self)
        self.marketing_emails = MarketingEmails(self)
        self.meetings = Meetings(self)
        self.conversations = Conversations(self)
        self.visitor_identification = VisitorIdentification(self)
        self.chatflows = Chatflows(self)
        self.custom_actions = CustomActions()
        self.notifications = Notifications(self)
        self.outbox = Outbox(self.clock)
        self.custom_code = CustomCode()
        self.workflows = Workflows(self)
        self.limits_tracking = LimitsTracking(self)
        self.mailbox = Mailbox(self)
        self.ads = Ads(self)
        self.connected = Connected(self)
        self.seeding = Seeding(self)

    def __repr__(self) -> str:
        counts = {type.name: len(records) for type, records in self.records.items() if type is not USERS}
        held = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        return f"<Portal {self.configuration.account.id}: {held or 'empty'}>"

    # -- finding ---------------------------------------------------------------------------------------

    def type(self, word: str | ObjectType) -> ObjectType:
        """The object type that *word* names: `contacts`, `contact` or `0-1`. Raises UnknownObjectType."""
        return word if isinstance(word, ObjectType) else self.types.find(word)

    def find(self, type: str | ObjectType, id: int | str) -> Record:
        """The record with this id. Raises UnknownRecord."""
        return self.records[self.type(type)].find(id)

    def make_room_for(self, type: ObjectType) -> None:
        """Get ready for records of a type: where they go, what they can say, which stages they can be in."""
        self.pipelines[type] = Pipelines(type, self.definitions.pipelines_of(type))
        self.properties[type] = Properties(type)
        self.properties[type].follow(self.pipelines[type])
        self.records[type] = Records(type)

    # -- writing ---------------------------------------------------------------------------------------

    def create(
        self,
        type: str | ObjectType,
        values: Mapping[str, Scalar],
        *,
        links: Sequence[Link] = (),
        source: Source | None = None,
        cause: int | None = None,
    ) -> Record:
        """Create a record, linked with others; as an app does, where no *source* is given.

        Raises InvalidValues, MissingProperties, DuplicateValue, InvalidAssociation; nothing is created then.
        """
        found = self.type(type)
        for other, _ in links:
            self.associations.default(found, other.type)
        change = self.writes.check_new(found, values, source or self.app, cause, links)
        return self.writes.apply(change).record

    def update(
        self,
        record: Record,
        values: Mapping[str, Scalar],
        *,
        source: Source | None = None,
        cause: int | None = None,
    ) -> Outcome:
        """Write values to a record; "" clears one, None leaves it alone.

        Raises InvalidValues, DuplicateValue; nothing is written then.
        """
        change = self.writes.check(record, values, source or self.app, cause)
        return self.writes.apply(change)

    def associate(
        self,
        record: Record,
        other: Record,
        *,
        types: Sequence[AssociationType] = (),
        source: Source | None = None,
    ) -> None:
        """Associate two records. Raises InvalidAssociation, also where a limit is reached (W3.15)."""
        self.associations.limits.check(record.type, record, [(other, types)])
        self.writes.associate(record, other, types, source or self.app)

    def dissociate(self, record: Record, other: Record, *, source: Source | None = None) -> None:
        """Take an association away, with all its labels; where there is none, nothing happens (W3.9)."""
        self.writes.dissociate(record, other, None, source or self.app)

    def archive(self, record: Record, *, source: Source | None = None) -> None:
        """Move a record to the bin. Raises Refused for a user's: `remove_user` takes it out."""
        if record.type is USERS:
            raise Refused(f"{record.name} is a user of the account; users are removed in the account's settings")
        self.writes.archive(record, source or self.app)

    def remove_user(self, user: Owner, *, source: Source | None = None) -> None:
        """Let a user go: records keep their owner, and the user's own record is gone (W6.2.2, W6.2.6)."""
        self.users.remove(user, self.clock.now)
        self.writes.archive(self.users.records.of(user), source or self.app)

    def as_user(self, email: str) -> Screen:
        """The portal as the user with this e-mail address sees it. Raises UnknownName."""
        return Screen(self, self.users.find(email))

    def change_settings(self, changes: Mapping[str, Any], *, source: Source | None = None) -> Settings:
        """Change lifecycle settings by their paths, as in `{"company_sync.enabled": False}`. Raises Refused."""
        return self.settings_changes.apply(changes, source)

    # -- going back ------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The portal as it is now, to come back to. Raises Refused while a simulation runs on it."""
        return snapshots.take(self, self._own)

    def restore(self, snapshot: Snapshot) -> None:
        """Let the portal be as it was. Records that somebody holds are none of its own any more: ask for them again.

        Raises Refused while a simulation runs on it.
        """
        snapshots.restore(self, snapshot)

    def reset(self) -> None:
        """Let the portal be as it was when it was made, its clock and its settings included. Raises Refused."""
        if self._beginning is not None:
            self._make_anew(*self._beginning)

    def clear(self) -> None:
        """Let there be no records and no history; the configuration, the settings and the clock stay. Raises Refused.

        What was defined through the API goes, too: snapshots keep it.
        """
        emptied = {"settings": self.settings, "records": ()}
        self._make_anew(self.configuration.model_copy(update=emptied), self.clock.now)

    def _make_anew(self, configuration: Configuration, start: int) -> None:
        snapshots.renew(self, self._own, partial(Portal.__init__, self, configuration, start=start))

    # -- asking ----------------------------------------------------------------------------------------

    def stage_counts(self, type: str | ObjectType) -> dict[str, int]:
        """How many records are in each stage, stages without any included: the settings page shows it (F1.19)."""
        found = self.type(type)
        stages = [stage.id for pipeline in self.pipelines[found] for stage in pipeline.stages]
        if found.stage is None:
            return {}
        return {stage: len(self.records[found].having(found.stage, stage)) for stage in stages}

    def is_later(self, record: Record, stage: str) -> bool:
        """Whether *stage* comes after the record's present one, or it has none."""
        return judge(self.pipelines[record.type], record.stage, stage, "", {}) is Verdict.SET

    def why(self, record: Record, property: str) -> list[Entry]:
        """How a property got its present value: the chain of causes, what started it first.

        Empty where the property was never set. Raises UnknownProperty.
        """
        self.properties[record.type].find(property)
        entry = self.log.last(record, property)
        if entry is None or (record.get(property) is None and entry.property is None):
            return []
        return self.log.why(entry.number)

    def story(self, entries: Iterable[Entry]) -> list[str]:
        """Entries of the log in words, a line each."""
        return [tell(entry) for entry in entries]

    def _settings(self) -> Settings:
        """The settings as they are now: somebody may change them."""
        return self.settings
