"""The portal that is read: what is no answer, and where there is no use in further questions."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Any

import orjson
import pytest

from hubtwin.api import Request, Response
from hubtwin.files import load_portal, parse
from hubtwin.portal import Portal
from hubtwin.pulling import NoAnswer, pull
from hubtwin.pulling.source import MAX_PAGES, Refusal, Source

Ask = Callable[[Request], Response]


def answering(*bodies: object, status: int = 200) -> Source:
    """A source that gives these answers one after the other, and then the last one for ever."""
    answers = iter(bodies)
    last: list[object] = []

    def ask(request: Request) -> Response:
        last[:] = [next(answers, *last)]
        body = last[0] if isinstance(last[0], bytes) else orjson.dumps(last[0])
        return Response(status, (("content-type", "text/html"),), body)

    return Source(ask)


def test_pages() -> None:
    """They are read one after the other, until one says that it is the last."""
    first = {"results": [{"id": 1}], "paging": {"next": {"after": "x"}}}
    source = answering(first, {"results": [{"id": 2}]})
    assert [row.data["id"] for row in source.pages("/p", limit=1)] == [1, 2]


@pytest.mark.parametrize("cursors", [["a"], ["a", "b", "a"]])
def test_pages_that_go_round(cursors: list[str]) -> None:
    """A page that came before is the end."""
    source = answering(*({"results": [], "paging": {"next": {"after": cursor}}} for cursor in cursors))
    with pytest.raises(Refusal, match="pages without end; page 'a' came before"):
        list(source.pages("/p"))


def test_pages_without_end() -> None:
    """There are only so many pages, whatever a portal says."""
    asked: Iterator[int] = count()
    source = Source(lambda _: Response(200, (), b'{"results": [], "paging": {"next": {"after": "%d"}}}' % next(asked)))
    with pytest.raises(Refusal, match="pages without end"):
        list(source.pages("/p"))
    assert next(asked) == MAX_PAGES


def test_a_search_without_end() -> None:
    """One whose offset stands still, and one that always has more."""
    with pytest.raises(Refusal, match="more after 0"):
        list(answering({"lists": [], "hasMore": True, "offset": 0}).found("/search", "lists", 10))
    asked: Iterator[int] = count(1)
    endless = Source(lambda _: Response(200, (), b'{"lists": [], "hasMore": true, "offset": %d}' % next(asked)))
    with pytest.raises(Refusal, match=f"more after {MAX_PAGES}"):
        list(endless.found("/search", "lists", 10))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>Welcome</html>", "/p answers text/html that is not whole JSON"),
        (b'{"results": [{"id": 1}, {"i', "/p answers text/html that is not whole JSON"),
        ({"items": []}, "/p answers without 'results': it is not HubSpot's API"),
    ],
)
def test_what_is_no_answer(body: object, words: str) -> None:
    """Pages for people, half an answer, and JSON of something else."""
    with pytest.raises(Refusal) as caught:
        answering(body).rows("/p")
    assert str(caught.value) == words


@pytest.mark.parametrize("body", [[], {"results": {}}, {"results": [1]}, {"results": None}])
def test_json_of_another_shape(body: object) -> None:
    """The error names the place."""
    with pytest.raises(Exception, match=r"^/p"):
        answering(body).rows("/p")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, b"<html>", "/p answers 404: it doesn't say why"),
        (400, {"message": "No\n such thing"}, "/p answers 400: No such thing"),
        (403, {"message": "No"}, "No"),
        (403, {"errors": [{"context": {"requiredGranularScopes": ["a", "b"]}}]}, "the token needs the scope a or b"),
        (403, {"context": {"requiredGranularScopes": ["a"]}}, "the token needs the scope a"),
        (302, b"", "/p answers 302: it doesn't say why"),
    ],
)
def test_refusals(status: int, body: object, words: str) -> None:
    """Others may get answers: each says what is wrong, in few words."""
    with pytest.raises(Refusal) as caught:
        answering(body, status=status).get("/p")
    assert str(caught.value) == words


def test_a_token_that_opens_nothing() -> None:
    """There is no use in further questions."""
    with pytest.raises(NoAnswer, match="the token opens nothing: expired"):
        answering({"message": "expired"}, status=401).get("/p")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_portal_that_fails_again_and_again(status: int) -> None:
    """The third failure in a row is the last."""
    source = answering(b"", status=status)
    for _ in range(2):
        with pytest.raises(Refusal):
            source.get("/p")
    with pytest.raises(NoAnswer, match=f"/p answers {status}, and so did others before"):
        source.get("/p")


def test_nobody_answers() -> None:
    """The first question shows it."""

    def ask(request: Request) -> Response:
        raise ConnectionError("x gives no answer: refused")

    with pytest.raises(NoAnswer, match="x gives no answer: refused"):
        Source(ask).get("/p")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"results": 1}', b'{"results": [{"label": null}, 7]}'])
def test_what_is_not_hubspot(body: bytes) -> None:
    """Nothing can be read: no file comes of it."""
    with pytest.raises(NoAnswer, match="nothing could be read"):
        pull(lambda _: Response(200, (), body), name="a portal")


def test_a_portal_that_goes_down_meanwhile(rich: Portal, asking: Callable[[Portal], Ask]) -> None:
    """No file comes of half a portal."""
    asked, ask = count(), asking(rich)

    def until(request: Request) -> Response:
        if next(asked) > 50:
            raise ConnectionError("gone")
        return ask(request)

    with pytest.raises(NoAnswer, match="gone"):
        pull(until, name="a portal")


def test_strange_answers_hurt_their_own_part_only(
    rich: Portal, asking: Callable[[Portal], Ask], changed: Callable[..., Ask]
) -> None:
    """Whatever stands in them; each is noted with its place."""
    strange = {
        "/crm/v3/properties/deals": {"results": [{"name": "a", "options": 3}, {"name": 5, "type": {}}, {"type": "x"}]},
        "/crm/v3/owners": {"results": [{"email": "a@b.example", "id": "x"}]},
        "/marketing/v3/forms": {"results": [{"name": "F", "id": "not a guid"}, {"name": None}, {"id": 1, "name": "G"}]},
        "/automation/v4/flows/900": {"name": "W", "type": "CONTACT_FLOW", "actions": {"a": 1}, "objectTypeId": "0-1"},
        "/crm/v3/pipelines/tickets": {"results": [{"id": "a", "label": "A", "displayOrder": 0, "stages": [{}]}]},
        "/crm-object-schemas/v3/schemas": {"results": [{"objectTypeId": "2-x"}]},
        "/communication-preferences/v3/definitions": {"subscriptionDefinitions": [{"id": 1, "name": "n" * 300}]},
    }
    pulled = pull(changed(asking(rich), strange), name="a portal")
    assert {"stages", "pipelines", "lists"} <= pulled.data.keys()
    told = "\n".join(pulled.left_out)
    for word in ("property deals.a", "users", "form", "workflow 'Start over'", "tickets", "custom objects"):
        assert word in told


#: What no answer should have in the place of what it has.
WRONG: tuple[Any, ...] = (
    None,
    0,
    -1,
    10**30,
    1.5,
    True,
    "",
    "x",
    "0-1",
    "2-3377",
    "lead",
    "é" * 300,
    [],
    {},
    [1],
    [{}],
)


def damaged(random: Random, json: Any, share: float) -> Any:
    """JSON of which some parts are missing, and others are something else."""
    if random.random() < share:
        return random.choice(WRONG)
    if isinstance(json, dict):
        return {name: damaged(random, one, share) for name, one in json.items() if random.random() > share / 2}
    return [damaged(random, one, share) for one in json] if isinstance(json, list) else json


@pytest.mark.parametrize("seed", range(8))
def test_damaged_answers(rich: Portal, asking: Callable[[Portal], Ask], seed: int) -> None:
    """Whatever is wrong in them, what comes out is a portal file."""
    random, ask = Random(seed), asking(rich)

    def answer(request: Request) -> Response:
        response = ask(request)
        body = json.dumps(damaged(random, json.loads(response.body), random.choice((0.002, 0.02, 0.1))))
        return Response(response.status, response.headers, body.encode())

    pulled = pull(answer, name="a portal")
    load_portal(parse(pulled.text, "a.portal.yaml"))
    assert pulled.left_out
