"""The rules: what is looked for in a configuration, how bad it is, and why."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Severity(StrEnum):
    """How bad a finding is: something never works, something may go wrong, something is worth a thought."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(NamedTuple):
    """A rule: its *id*, and in a sentence *what* is wrong and why that matters."""

    id: str
    severity: Severity
    what: str


# -- stages ------------------------------------------------------------------------------------------------------

STAGE_NEVER_SET = Rule(
    "stage-never-set",
    Severity.ERROR,
    "A workflow sets a stage that everybody who comes there has reached or passed: it never changes anything.",
)
STAGE_BACK = Rule(
    "stage-back",
    Severity.WARNING,
    "A workflow sets a stage on records that may be further on: HubSpot keeps their stage, and the action fails.",
)
STAGE_BACK_AFTER_WAIT = Rule(
    "stage-back-after-wait",
    Severity.NOTE,
    "While records wait in a workflow, others move them further on than the stage that it sets after the wait.",
)
CLEAR_AND_SET = Rule(
    "clear-and-set",
    Severity.WARNING,
    "A workflow clears the stage and sets another one without asking first: it moves customers back, too.",
)
STAGE_KEPT = Rule(
    "stage-kept",
    Severity.NOTE,
    "A bot or a sync sets a stage on records that may be further on: they keep theirs, and nobody is told.",
)
FORM_BELOW = Rule(
    "form-below",
    Severity.NOTE,
    "A form sets an earlier stage than the default or another form: who came in that way keeps the later one.",
)
STAGE_UNREACHED = Rule(
    "stage-unreached",
    Severity.NOTE,
    "No rule brings records to a stage: they get there only by hand, by import or by an app.",
)
STAGE_DEAD_END = Rule(
    "stage-dead-end",
    Severity.NOTE,
    "All rules that set later stages leave out the records of one: they stay there for good.",
)

# -- settings ----------------------------------------------------------------------------------------------------

NO_EFFECT = Rule(
    "no-effect",
    Severity.WARNING,
    "A setting has no effect, because of what another one says.",
)
SETTING_FIGHTS_FLOW = Rule(
    "setting-fights-flow",
    Severity.WARNING,
    "A lifecycle setting and a workflow set different stages on the same occasion.",
)
SYNC_OVERRIDES = Rule(
    "sync-overrides",
    Severity.NOTE,
    "A workflow moves contacts back, and the company sync moves them on again as soon as their company moves.",
)

# -- triggers ----------------------------------------------------------------------------------------------------

TRIGGER_NEVER = Rule(
    "trigger-never",
    Severity.ERROR,
    "What a workflow asks of records contradicts itself: it never enrolls anybody.",
)
TRIGGER_UNWRITTEN = Rule(
    "trigger-unwritten",
    Severity.NOTE,
    "A workflow waits for a property that no rule writes: only people, imports and apps do.",
)
RE_ENROLL_OFF = Rule(
    "re-enroll-off",
    Severity.NOTE,
    "A workflow starts by an event that can occur often, but takes each record only once.",
)
ASKS_FOR_GONE = Rule(
    "asks-for-gone",
    Severity.ERROR,
    "A workflow or a list asks about a form or a list that isn't there any more.",
)
UNKNOWN_OPTION = Rule(
    "unknown-option",
    Severity.WARNING,
    "A workflow or a list names an option that its property doesn't have.",
)
LIST_NEVER = Rule(
    "list-never",
    Severity.WARNING,
    "The filters of a list contradict each other: it stays empty.",
)

# -- ways through workflows --------------------------------------------------------------------------------------

BRANCH_NEVER = Rule(
    "branch-never",
    Severity.WARNING,
    "No record can take a branch, because of its own conditions, of earlier branches, or of what enrolled it.",
)
ACTION_UNREACHED = Rule(
    "action-unreached",
    Severity.WARNING,
    "No connection leads to an action: it is never done.",
)
FLOW_LOOP = Rule(
    "flow-loop",
    Severity.ERROR,
    "Workflows enroll records in each other, or set each other off, without end and without a rest.",
)
FLOW_LOOP_WITH_WAITS = Rule(
    "flow-loop-with-waits",
    Severity.NOTE,
    "Workflows set each other off again and again, and wait in between: that never ends, and may be meant so.",
)
TWO_WRITERS = Rule(
    "two-writers",
    Severity.WARNING,
    "Two workflows write different values to one property of the same records: who comes last wins.",
)
UNKNOWN_RECIPIENT = Rule(
    "unknown-recipient",
    Severity.WARNING,
    "Something goes to a user who left, or who never was there: nobody gets it.",
)

# -- leftovers ---------------------------------------------------------------------------------------------------

UNUSED_LIST = Rule("unused-list", Severity.NOTE, "Nothing in the configuration asks about a list.")
UNUSED_PROPERTY = Rule(
    "unused-property", Severity.NOTE, "Nothing in the configuration reads or writes a property of the account's own."
)

#: All rules by their ids.
RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in list(globals().values()) if type(rule) is Rule})
