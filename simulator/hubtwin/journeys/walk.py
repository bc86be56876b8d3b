"""The walk: buyers on their way through a journey, from event to event."""

from collections import Counter
from dataclasses import dataclass

from hubtwin.journeys.buyers import Buyer, World
from hubtwin.journeys.journey import Journey
from hubtwin.journeys.states import Enter, State
from hubtwin.journeys.transitions import Choose
from hubtwin.market.people import Person
from hubtwin.portal.log import SET, Entry
from hubtwin.runs.streams import Streams


@dataclass(frozen=True, slots=True)
class Node:
    """A state, compiled: what happens on entering it, and how it is left; None where the journey ends."""

    name: str
    enter: Enter
    choose: Choose | None


class Walk:
    """All buyers of a run. *entered* counts those who came, *ended* those who left, by the state they ended in."""

    def __init__(self, journey: Journey, world: World, streams: Streams) -> None:
        self.entered = 0
        self.ended: Counter[str] = Counter()
        self._inside: dict[str, Buyer] = {}
        self._streams = streams
        self._kernel = world.kernel
        self._nodes = {name: _compiled(name, state, world) for name, state in journey.states.items()}
        self._start = self._nodes[journey.start]
        for property in sorted({name for state in journey.states.values() for name in state.watched}):
            world.portal.reactions.add(SET, self._look_up, property)

    @property
    def inside(self) -> int:
        """How many buyers are on their way."""
        return len(self._inside)

    def places(self) -> Counter[str]:
        """How many buyers are in each state, those whose journey has ended included."""
        return self.ended + Counter(buyer.state for buyer in self._inside.values())

    def enter(self, person: Person) -> None:
        """Let somebody begin the journey now."""
        buyer = Buyer(person, self._streams.stream(person.entity, "journey"))
        self.entered += 1
        self._inside[person.email] = buyer
        self._go(buyer, self._start)

    def _go(self, buyer: Buyer, node: Node) -> None:
        """Let a buyer enter a state, and those after it in which no time passes."""
        while True:
            buyer.state = node.name
            buyer.step += 1
            delay = node.enter(buyer)
            if node.choose is None:
                self.ended[node.name] += 1
                del self._inside[buyer.person.email]
                return
            if delay:
                self._kernel.after(delay, self._due, (buyer, buyer.step))
                return
            node = self._nodes[node.choose(buyer)]

    def _due(self, ticket: tuple[Buyer, int]) -> None:
        """A buyer's time in a state is over, unless they have left it for another reason."""
        buyer, step = ticket
        if buyer.step == step:
            buyer.hopes = None
            choose = self._nodes[buyer.state].choose
            assert choose is not None  # noqa: S101  nobody waits in a state that ends the journey
            self._go(buyer, self._nodes[choose(buyer)])

    def _look_up(self, entry: Entry) -> None:
        """The CRM says something new about a contact: somebody may have waited for it."""
        buyer = self._inside.get(entry.record.get("email") or "") if entry.record else None
        if buyer is not None and buyer.hopes is not None and buyer.hopes(buyer):
            self._kernel.after(0, self._due, (buyer, buyer.step))


def _compiled(name: str, state: State, world: World) -> Node:
    return Node(name, state.compile(world), state.way[1].compile(world.portal) if state.way else None)
