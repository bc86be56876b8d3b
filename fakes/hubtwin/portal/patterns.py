"""Patterns: regular expressions that clients send, matched in a time that grows with the text and no faster.

Python's own engine tries one way after the other, and some patterns have more ways than anybody can wait for. Here
all ways are followed at once, a character at a time. What that can't do is refused: lookarounds, back references.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: The longest pattern, the most steps that it may unfold into, how deep its groups may lie, how far a text is read.
MAX_PATTERN, MAX_STEPS, MAX_DEPTH, MAX_TEXT = 200, 500, 20, 2_000

_NO_END = -1


class InvalidPattern(ValueError):
    """A text is no pattern that can be matched."""


Accepts = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a program: take a character that *accepts* allows, stand at an edge, or go on at any of *to*."""

    accepts: Accepts | None = None
    edge: str = ""
    to: tuple[int, ...] = ()


class Pattern:
    """A pattern, read. Raises InvalidPattern."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_PATTERN:
            raise InvalidPattern(f"it has {len(text)} characters, and {MAX_PATTERN} at most are allowed")
        self._steps = tuple(_Reader(text).program())

    def search(self, text: str) -> bool:
        """Whether some part of *text* fits."""
        text, end = text[:MAX_TEXT], len(self._steps)
        reached: set[int] = set()
        for place in range(len(text) + 1):
            reached = self._from({0, *reached}, place, len(text))
            if end in reached:
                return True
            if place < len(text):
                reached = {number + 1 for number in reached if self._takes(number, text[place])}
        return False

    def _takes(self, number: int, character: str) -> bool:
        accepts = self._steps[number].accepts
        return accepts is not None and accepts(character)

    def _from(self, numbers: Iterable[int], place: int, length: int) -> set[int]:
        """The steps that are reached from *numbers* without taking a character."""
        waiting, reached = list(numbers), set[int]()
        while waiting:
            number = waiting.pop()
            if number in reached:
                continue
            reached.add(number)
            if number == len(self._steps) or self._steps[number].accepts is not None:
                continue
            step = self._steps[number]
            if step.edge and place != (0 if step.edge == "^" else length):
                continue
            waiting += [number + 1] if step.edge else [number + by for by in step.to]
        return reached


_Program = list[_Step]


def _jump(*by: int) -> _Step:
    return _Step(to=by)


def _either(one: _Program, other: _Program) -> _Program:
    return [_jump(1, len(one) + 2), *one, _jump(len(other) + 1), *other]


def _maybe(one: _Program) -> _Program:
    return [_jump(1, len(one) + 1), *one]


def _any_number(one: _Program) -> _Program:
    return [_jump(1, len(one) + 2), *one, _jump(-len(one) - 1)]


def _word(character: str) -> bool:
    return character.isalnum() or character == "_"


_CLASSES: dict[str, Accepts] = {"d": str.isdecimal, "w": _word, "s": str.isspace}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def _not(accepts: Accepts) -> Accepts:
    return lambda character: not accepts(character)


def _between(low: str, high: str) -> Accepts:
    return lambda character: low <= character <= high


class _Reader:
    """Reads a pattern into a program."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0

    def program(self) -> _Program:
        program = self._alternatives()
        if self._place < len(self._text):
            raise self._wrong("has a ) without a (")
        return program

    def _wrong(self, what: str) -> InvalidPattern:
        return InvalidPattern(f"{self._text!r} {what}, at character {self._place + 1}")

    def _at(self, *words: str) -> bool:
        """Whether one of *words* comes next; it is passed then."""
        for word in words:
            if self._text.startswith(word, self._place):
                self._place += len(word)
                return True
        return False

    def _next(self) -> str:
        if self._place == len(self._text):
            raise self._wrong("breaks off")
        self._place += 1
        return self._text[self._place - 1]

    def _alternatives(self) -> _Program:
        program = self._sequence()
        while self._at("|"):
            program = self._checked(_either(program, self._sequence()))
        return program

    def _sequence(self) -> _Program:
        program: _Program = []
        while self._place < len(self._text) and self._text[self._place] not in "|)":
            program = self._checked([*program, *self._repeated(self._atom())])
        return program

    def _checked(self, program: _Program) -> _Program:
        if len(program) > MAX_STEPS:
            raise self._wrong(f"unfolds into more than {MAX_STEPS} steps")
        return program

    # -- repetitions -----------------------------------------------------------------------------------

    def _repeated(self, one: _Program) -> _Program:
        if self._at("*"):
            low, high = 0, _NO_END
        elif self._at("+"):
            low, high = 1, _NO_END
        elif self._at("?"):
            low, high = 0, 1
        elif self._at("{"):
            low, high = self._bounds()
        else:
            return one
        self._at("?")  # as few as possible: that changes what a group holds, not whether a text fits
        if self._text[self._place : self._place + 1] in ("*", "+", "?", "{"):
            raise self._wrong("repeats a repetition")
        rest = _any_number(one) if high == _NO_END else _maybe(one) * (high - low)
        return self._checked([*one * low, *rest])

    def _bounds(self) -> tuple[int, int]:
        low = self._number()
        high = low if not self._at(",") else _NO_END if self._at("}") else self._number()
        if high != _NO_END and self._text[self._place - 1] != "}" and not self._at("}"):
            raise self._wrong("has a { without a }")
        if high != _NO_END and high < low:
            raise self._wrong("has bounds the wrong way round")
        return low, high

    def _number(self) -> int:
        start = self._place
        while self._place < len(self._text) and self._text[self._place] in "0123456789":
            self._place += 1
        if not 0 < self._place - start <= 3:
            raise self._wrong("needs a number of up to three digits")
        return int(self._text[start : self._place])

    # -- what stands alone -----------------------------------------------------------------------------

    def _atom(self) -> _Program:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return [_Step(self._set())]
        if character in "^$":
            return [_Step(edge=character)]
        if character == ".":
            return [_Step("\n".__ne__)]
        if character in "*+?{":
            self._place -= 1
            raise self._wrong(f"has nothing to repeat before the {character}")
        return [_Step(self._escape() if character == "\\" else character.__eq__)]

    def _group(self) -> _Program:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._wrong(f"has groups deeper than {MAX_DEPTH} in each other")
        if self._at("?") and not self._at(":"):
            raise self._wrong("uses a special group; only (…) and (?:…) can be matched")
        program = self._alternatives()
        if not self._at(")"):
            raise self._wrong("has a ( without a )")
        self._depth -= 1
        return program

    def _escape(self) -> Accepts:
        character = self._next()
        if character.lower() in _CLASSES:
            accepts = _CLASSES[character.lower()]
            return _not(accepts) if character.isupper() else accepts
        if character in _CONTROLS:
            return _CONTROLS[character].__eq__
        if _word(character):
            raise self._wrong(f"has \\{character}, which can't be matched")
        return character.__eq__

    def _set(self) -> Accepts:
        is_negated = self._at("^")
        members = [self._member()]
        while not self._at("]"):
            members.append(self._member())

        def accepts(character: str) -> bool:
            return any(member(character) for member in members)

        return _not(accepts) if is_negated else accepts

    def _member(self) -> Accepts:
        low = self._next()
        if low == "\\":
            return self._escape()
        following = self._text[self._place : self._place + 2]
        if len(following) < 2 or following[0] != "-" or following[1] in "]\\":
            return low.__eq__
        self._place += 2
        if following[1] < low:
            raise self._wrong("has a range the wrong way round")
        return _between(low, following[1])
