"""The portal that is read: questions to HubSpot's API, and its answers as checked values."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from hubtwin.api.http import Request, Response
from hubtwin.portal.filter_branches.nodes import Node

#: How many pages of one kind are read at most.
MAX_PAGES = 1_000

#: How deep an answer may be: files of more than 60 levels are not read.
MAX_DEPTH = 40

#: After how many failures in a row the portal is given up.
MAX_FAILURES = 3


class Refusal(Exception):
    """One question got no answer that can be used; others may."""


class NoAnswer(Exception):
    """The portal answers no more, or nobody with this token: there is no use in further questions."""


class Source:
    """A portal that *ask* asks: it takes requests and gives responses, and raises OSError where none comes.

    *answered* counts the answers that were of use.
    """

    def __init__(self, ask: Callable[[Request], Response]) -> None:
        self._ask = ask
        self._failures = 0
        self.answered = 0

    def get(self, path: str, **query: object) -> Node:
        """What the portal answers to GET. Raises Refusal, NoAnswer, and InvalidFilterBranch for no JSON object."""
        return self._answer(Request("GET", path, urlencode(query, doseq=True)))

    def search(self, path: str, body: Mapping[str, Any]) -> Node:
        """What the portal answers to a search. Raises as `get` does."""
        headers = {"content-type": "application/json"}
        return self._answer(Request("POST", path, headers=headers, body=orjson.dumps(body)))

    def rows(self, path: str, name: str = "results", **query: object) -> list[Node]:
        """The members of a list that comes at once. Raises as `get` does."""
        return self._members(self.get(path, **query), name)

    def pages(self, path: str, **query: object) -> Iterator[Node]:
        """The members of a list that comes in pages, one after the other. Raises as `get` does."""
        after: str | None = None
        seen: set[str | None] = set()
        while after not in seen and len(seen) < MAX_PAGES:
            seen.add(after)
            page = self.get(path, **query, **({} if after is None else {"after": after}))
            yield from self._members(page, "results")
            paging = page.object("paging") if "paging" in page else Node({}, path)
            if "next" not in paging:
                return
            after = paging.object("next").text("after")
        raise Refusal(f"{path} has pages without end; page {after!r} came before, or is one of more than {MAX_PAGES}")

    def found(self, path: str, name: str, count: int) -> Iterator[Node]:
        """The members of a list that is searched in pages of *count*, by offset. Raises as `get` does."""
        offset = 0
        for _ in range(MAX_PAGES):
            page = self.search(path, {"offset": offset, "count": count})
            yield from self._members(page, name)
            following = page.whole("offset", 0, low=0, high=10**9)
            if not page.flag("hasMore", default=False):
                return
            if following <= offset:
                break
            offset = following
        raise Refusal(f"{path} has pages without end; it says that there are more after {offset}")

    def _members(self, answer: Node, name: str) -> list[Node]:
        if name not in answer:
            raise Refusal(f"{answer.place} answers without {name!r}: it is not HubSpot's API")
        members = list(answer.objects(name))
        self.answered += 1
        return members

    def _answer(self, request: Request) -> Node:
        try:
            response = self._ask(request)
        except OSError as error:
            raise NoAnswer(str(error)) from None
        self._check(request, response)
        try:
            json = orjson.loads(response.body)
        except orjson.JSONDecodeError:
            kind = dict(response.headers).get("content-type", "something").partition(";")[0]
            raise Refusal(f"{request.path} answers {kind} that is not whole JSON") from None
        if _is_deep(json):
            raise Refusal(f"{request.path} answers JSON of more than {MAX_DEPTH} levels")
        return Node(json, request.path)

    def _check(self, request: Request, response: Response) -> None:
        status = response.status
        if status == 401:
            raise NoAnswer(f"the token opens nothing: {_message(response)}")
        is_failure = status == 429 or status >= 500
        self._failures = self._failures + 1 if is_failure else 0
        if self._failures >= MAX_FAILURES:
            raise NoAnswer(f"{request.path} answers {status}, and so did others before: {_message(response)}")
        if status == 403:
            raise Refusal(_missing(response))
        if status != 200:
            raise Refusal(f"{request.path} answers {status}: {_message(response)}")


def _is_deep(json: Any) -> bool:
    level = [json] if isinstance(json, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [inner for inner in level if isinstance(inner, dict | list)]
    return bool(level)


def _message(response: Response) -> str:
    """What an error says of itself, in short."""
    said = _json(response).get("message")
    return " ".join(str(said).split())[:200] if said else "it doesn't say why"


def _missing(response: Response) -> str:
    """Which scopes a token lacks, where the answer says so (W6.9)."""
    json = _json(response)
    errors = json.get("errors")
    inner = [one.get("context") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    contexts = [one for one in (json.get("context"), *inner) if isinstance(one, dict)]
    scopes = [str(scope) for one in contexts for scope in one.get("requiredGranularScopes") or ()]
    return f"the token needs the scope {' or '.join(dict.fromkeys(scopes))}" if scopes else _message(response)


def _json(response: Response) -> Mapping[str, Any]:
    try:
        json = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return {}
    return json if isinstance(json, dict) else {}
