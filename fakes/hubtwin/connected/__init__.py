"""The systems around a portal, as real parts: each has its own records, its own words and its own clockwork."""

import hubtwin.portal  # noqa: F401  first: a portal makes its connected systems, so neither loads without the other
from hubtwin.connected.systems import Connected

__all__ = ["Connected"]
