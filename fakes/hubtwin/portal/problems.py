"""Problems with a configuration, gathered so that all of them can be said at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hubtwin.portal.errors import ConfigurationError, InvalidValues, PortalError


@dataclass(slots=True)
class Problems:
    """What was *found* to be wrong so far, in the order of the file."""

    found: list[ConfigurationError] = field(default_factory=list)

    def add(self, place: tuple[str | int, ...], message: str) -> None:
        """Note a problem."""
        self.found.append(ConfigurationError(place, message))

    @contextmanager
    def at(self, *place: str | int) -> Iterator[None]:
        """Make what the portal refuses inside this block a problem at *place*."""
        try:
            yield
        except ConfigurationError as error:
            self.found += error.below(*place).all
        except InvalidValues as error:
            for problem in error.problems:
                self.add((*place, problem.property), problem.plain())
        except PortalError as error:
            self.add(place, str(error))

    def settle(self) -> None:
        """Raise ConfigurationError where anything was found."""
        if self.found:
            raise ConfigurationError.of(self.found)
