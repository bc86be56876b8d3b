"""Owners: records and conversations that go round among users (F7.17.11, F7.17.44475148)."""

from collections.abc import Iterator
from dataclasses import dataclass

from hubtwin.portal.errors import UnknownName
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.users import Owner
from hubtwin.portal.uses import Use

OWNER = "hubspot_owner_id"


@dataclass(frozen=True, slots=True)
class People:
    """Users by their ids, teams by theirs, and the owners that properties of the enrolled record name."""

    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    def of(self, run: Run) -> tuple[list[Owner], list[str]]:
        """The people, each once, and why somebody is not among them: users who left, empty properties."""
        found: dict[int, Owner] = {}
        missing: list[str] = []
        for one in (*self._users(run), *self._owners(run), *self._members(run)):
            if isinstance(one, str):
                missing.append(one)
            else:
                found[one.user_id] = one
        return list(found.values()), missing

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that hold owners."""
        for property in self.properties:
            yield Use(asset.name, asset.rule, type, property, False)

    def _users(self, run: Run) -> Iterator[Owner | str]:
        for id in self.users:
            user = run.portal.users.get(int(id)) if id.isdecimal() else None
            yield user or f"user {id} is not active in the account"

    def _owners(self, run: Run) -> Iterator[Owner | str]:
        by_owner = {str(owner.id): owner for owner in run.portal.users}
        for property in self.properties:
            id = run.record.get(property)
            yield by_owner.get(id or "") or (
                f"owner {id} is not active in the account" if id else f"{property} is empty"
            )

    def _members(self, run: Run) -> Iterator[Owner | str]:
        for id in self.teams:
            try:
                name = run.portal.users.team(id).name
            except UnknownName:
                yield f"there is no team {id}"
                continue
            members = [one for one in run.portal.users if name in (one.team, *one.secondary_teams)]
            yield from members
            if not members:
                yield f"team {name} has no members"


def people(fields: Node) -> People:
    """The `user_ids`, `team_ids` and `owner_properties` of an action. Raises InvalidFilterBranch."""
    found = (tuple(_texts(fields, name)) for name in ("user_ids", "team_ids", "owner_properties"))
    return People(*found)


def _texts(fields: Node, name: str) -> list[str]:
    return fields.texts(name) if fields.data.get(name) else []


@dataclass(frozen=True, slots=True)
class Rotate(Single):
    """Gives records to some people in turn (0-11); who has an owner keeps it, unless it *overwrites*."""

    people: People
    property: str
    overwrites: bool

    def run(self, run: Run) -> Result:
        """Give the record to whose turn it is."""
        if not self.overwrites and (present := run.record.get(self.property)):
            return self.done(f"{self.property} stays {present}")
        owner, problem = whose_turn(run, self.id, self.people)
        if owner is None:
            return self.failed(f"{self.property} was not set: {problem}")
        run.portal.update(run.record, {self.property: str(owner.id)}, source=run.source, cause=run.cause)
        entry = run.portal.log.last(run.record, self.property)
        return self.done(f"{self.property} set to {owner.id} ({owner.email})", entry.number if entry else None)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The property that it writes."""
        yield Use(asset.name, asset.rule, type, self.property, True)
        yield from self.people.uses(type, asset)


@dataclass(frozen=True, slots=True)
class AssignConversation(Single):
    """Gives the conversations with a contact to some people in turn, or else to the contact's owner (our model)."""

    people: People

    def run(self, run: Run) -> Result:
        """Give the open ones."""
        threads = [one for one in run.portal.conversations.of(run.record) if one.status == "OPEN"]
        if not threads:
            return self.failed("the contact has no open conversation")
        owner, problem = whose_turn(run, self.id, self.people)
        if owner is None:
            return self.failed(f"no conversation was assigned: {problem}")
        for thread in threads:
            run.portal.conversations.assign(thread, owner.email)
        return self.done(f"{len(threads)} conversations assigned to {owner.email}")

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that hold owners."""
        return self.people.uses(type, asset)


def whose_turn(run: Run, action: str, people: People) -> tuple[Owner | None, str]:
    """Whose turn it is at an action, and why nobody's: each gets as many records as the others (F7.17.1101)."""
    found, missing = people.of(run)
    if not found:
        return None, "; ".join(missing) or "nobody is named"
    turn = run.flow.turns.get(action, 0)
    run.flow.turns[action] = turn + 1
    return found[turn % len(found)], ""


def read_rotate(node: Node) -> Rotate:
    """A 0-11: `target_property`, which some call `property_name`. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    property = fields.text("target_property", fields.text("property_name", OWNER))
    overwrites = fields.flag("overwrite_current_owner", False)
    return Rotate(node.text("actionId"), connection(node), people(fields), property, overwrites)


def read_conversation(node: Node) -> AssignConversation:
    """A 0-44475148. Raises InvalidFilterBranch."""
    found = people(fields_of(node))
    named = found if found != People() else People(properties=(OWNER,))
    return AssignConversation(node.text("actionId"), connection(node), named)
