"""The stage rule: whether a writer may move a record to a lifecycle stage.

Forward moves and moves from no stage always work, skipping included (F2.3, F2.4), and so does clearing
(F2.1). What a backward move does depends on who tries it (F2.b1 to F2.b12): that is the table below.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from hubtwin.portal.pipelines import Pipelines


class Verdict(Enum):
    """What becomes of a write of the stage."""

    SET = "set"
    SAME = "same"
    KEPT = "kept"
    """The present stage stays; the writer is told nothing but the value that stayed."""
    REFUSED = "refused"
    """The present stage stays, and the writer gets an error: a workflow in its log, others as the answer."""


#: What a backward move by a writer of this source type does; KEPT for every type that isn't here.
BACKWARD: Mapping[str, Verdict] = MappingProxyType(
    {
        "CRM_UI": Verdict.SET,  # by hand in the record (F2.b1)
        "MOBILE_IOS": Verdict.SET,
        "MOBILE_ANDROID": Verdict.SET,
        "CRM_UI_BULK_ACTION": Verdict.SET,  # our model: as by hand (F2.b12)
        "AUTOMATION_PLATFORM": Verdict.REFUSED,  # a workflow's action fails (F2.b5)
        "WORKFLOWS": Verdict.REFUSED,
    }
)


#: The writers who keep a log of their own, in which a refused move is an issue (F2.b5); others are told at once.
HAVE_LOGS = frozenset({"AUTOMATION_PLATFORM", "WORKFLOWS"})


def judge(
    pipelines: Pipelines,
    old: str | None,
    new: str,
    source_type: str,
    backward: Mapping[str, Verdict] = BACKWARD,
) -> Verdict:
    """The verdict on moving a record from stage *old* to *new*; an empty *new* clears the stage.

    Positions are compared, not names (F2.2). A present stage that the pipeline no longer has holds nothing
    back.
    """
    if new == (old or ""):
        return Verdict.SAME
    here, there = pipelines.stage(old), pipelines.stage(new)
    if here is None or there is None or there.display_order > here.display_order:
        return Verdict.SET
    return backward.get(source_type, Verdict.KEPT)
