"""Random calls, valid and not, against a small model of the CRM that knows nothing of the portal."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from hubtwin.api import Api, Request
from hubtwin.portal import Portal

STAGES = [
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
]
CONTACTS = "/crm/v3/objects/contacts"
HEADERS = {"authorization": "Bearer x", "content-type": "application/json"}

ADDRESSES = st.sampled_from(["a@x.example", "B@x.example", "c@x.example"])
GOOD = st.fixed_dictionaries(
    {"lifecyclestage": st.sampled_from([*STAGES, "", None])},
    optional={
        "email": ADDRESSES,
        "firstname": st.sampled_from(["Ada", "Bob", ""]),
        "followercount": st.sampled_from(["1", 2, "3.50", ""]),
    },
)
BAD = st.sampled_from(
    [{"nope": "1"}, {"email": "not an address"}, {"followercount": "many"}, {"lifecyclestage": "nonsense"}]
)
VALUES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    GOOD, GOOD, GOOD, st.tuples(GOOD, BAD).map(lambda both: {**both[0], **both[1]}), st.just({})
)


@dataclass
class Person:
    """A contact as the model has it: only what a client ever told."""

    values: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)


def is_valid(values: dict[str, Any]) -> bool:
    """Whether HubSpot takes all of these values."""
    return (
        "nope" not in values
        and values.get("email") != "not an address"
        and values.get("followercount") != "many"
        and values.get("lifecyclestage") != "nonsense"
    )


class Crm(RuleBasedStateMachine):
    """The model: people by id. Every rule makes a call, says what must come back, and notes what it means."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.api = Api(Portal())
        self.people: dict[str, Person] = {}

    def call(self, method: str, path: str, body: Any = None, query: str = "") -> tuple[int, Any]:
        """The answer to a call: never a 5xx."""
        content = b"" if body is None else orjson.dumps(body)
        response = self.api.handle(Request(method, path, query, HEADERS, content))
        assert response.status < 500
        return response.status, orjson.loads(response.body or b"null")

    def holder(self, address: str | None) -> str | None:
        """Who has this address."""
        wanted = (address or "").lower()
        return next((id for id, person in self.people.items() if wanted and person.values.get("email") == wanted), None)

    def tell(self, person: Person, values: dict[str, Any]) -> None:
        """What a valid write means."""
        for name, value in values.items():
            if name == "lifecyclestage":
                self.tell_stage(person, value)
            elif value is not None:
                person.values[name] = str(value).lower() if name == "email" else str(value)

    @staticmethod
    def tell_stage(person: Person, stage: str | None) -> None:
        """The stage rule, in three lines: clear, or move forward, or nothing."""
        present = person.values.get("lifecyclestage") or ""
        if stage == "" and present:
            person.values["lifecyclestage"] = ""
            person.history.append("")
        elif stage and (not present or STAGES.index(stage) > STAGES.index(present)):
            person.values["lifecyclestage"] = stage
            person.history.append(stage)

    @initialize(target=ids)
    def begin(self) -> Any:
        """Two people to begin with."""
        return multiple(*(self.create({"firstname": name, "lifecyclestage": None}) for name in ("Ada", "Bob")))

    @rule(target=ids, values=VALUES)
    def create(self, values: dict[str, Any]) -> Any:
        """A creation: 201, or 400 or 409 with the one who has the address."""
        status, body = self.call("POST", CONTACTS, {"properties": values})
        taken = self.holder(values.get("email"))
        if not is_valid(values) or not (values.get("email") or values.get("firstname")):
            assert status == 400
            return multiple()
        if taken:
            assert (status, body["message"]) == (409, f"Contact already exists. Existing ID: {taken}")
            return multiple()
        assert status == 201
        person = self.people[body["id"]] = Person()
        self.tell(person, {**values, "lifecyclestage": values.get("lifecyclestage") or "lead"})
        return body["id"]

    @rule(id=ids, stage=st.sampled_from([*STAGES, ""]))
    def move(self, id: str, stage: str) -> None:
        """A move to a stage: forward, backward or cleared."""
        self.update(id, {"lifecyclestage": stage})

    @rule(id=ids, address=ADDRESSES)
    def rename(self, id: str, address: str) -> None:
        """A new address, which somebody else may have."""
        self.update(id, {"email": address})

    @rule(id=st.one_of(ids, ids, st.just("77")), values=VALUES)
    def update(self, id: str, values: dict[str, Any]) -> None:
        """An update: a backward stage is kept and answered 200."""
        status, body = self.call("PATCH", f"{CONTACTS}/{id}", {"properties": values})
        if id not in self.people:
            assert status == 404
        elif not values or not is_valid(values):
            assert status == 400
        elif self.holder(values.get("email")) not in (None, id):
            assert status == 409
        else:
            self.tell(self.people[id], values)
            stage = self.people[id].values["lifecyclestage"]
            assert (status, body["properties"].get("lifecyclestage") or "") == (200, stage)

    @rule(first=ids, second=ids, values=VALUES)
    def update_two(self, first: str, second: str, values: dict[str, Any]) -> None:
        """A batch of two: one bad value refuses both."""
        inputs = [{"id": id, "properties": {**values, "email": None}} for id in (first, second)]
        status, _ = self.call("POST", f"{CONTACTS}/batch/update", {"inputs": inputs})
        known = [id for id in (first, second) if id in self.people]
        if first == second or (known and not is_valid({**values, "email": None})):
            assert status == 400
            return
        assert status == (200 if len(known) == 2 else 207)
        for id in known:
            self.tell(self.people[id], {**values, "email": None})

    @rule(id=consumes(ids))
    def archive(self, id: str) -> None:
        """An archived contact is gone, and its address free."""
        assert self.call("DELETE", f"{CONTACTS}/{id}")[0] == 204
        self.people.pop(id, None)

    @rule(address=ADDRESSES)
    def search(self, address: str) -> None:
        """A search by address finds whoever has it."""
        filters = [{"propertyName": "email", "operator": "EQ", "value": address}]
        status, body = self.call("POST", f"{CONTACTS}/search", {"filterGroups": [{"filters": filters}]})
        expected = self.holder(address)
        assert (status, [row["id"] for row in body["results"]]) == (200, [expected] if expected else [])

    @invariant()
    def everybody_is_as_told(self) -> None:
        """Everybody who is there, with the values that were told."""
        query = "limit=100&properties=email,firstname,followercount,lifecyclestage"
        _, body = self.call("GET", CONTACTS, query=query)
        assert [row["id"] for row in body["results"]] == list(self.people)
        for row in body["results"]:
            told = self.people[row["id"]].values
            names = ("email", "firstname", "followercount", "lifecyclestage")
            assert {name: row["properties"][name] or "" for name in names} == {n: told.get(n, "") for n in names}

    @invariant()
    def histories_are_as_told(self) -> None:
        """Each stage that somebody was in, and each clearing, in order."""
        for id, person in self.people.items():
            _, body = self.call("GET", f"{CONTACTS}/{id}", query="propertiesWithHistory=lifecyclestage")
            versions = [version["value"] for version in body["propertiesWithHistory"]["lifecyclestage"]]
            assert versions == person.history[::-1]


TestCrm = Crm.TestCase
TestCrm.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
