"""Coverage of a configuration: which of its settings, forms, bots, lists and workflows a run has exercised.

`Coverages` adds up portals, `reports` tells of them.
"""

from hubtwin.coverage.coverage import Coverage
from hubtwin.coverage.coverages import Coverages
from hubtwin.coverage.features import Feature

__all__ = ["Coverage", "Coverages", "Feature"]
