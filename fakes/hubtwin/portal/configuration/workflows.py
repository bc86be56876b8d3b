"""Workflows (F7.2)."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from hubtwin.portal.configuration.chatflows import Hours
from hubtwin.portal.configuration.conditions import Filters
from hubtwin.portal.configuration.enrollment import CalendarDay, Enrollment, Suppression
from hubtwin.portal.configuration.parts import Defines, Name, ObjectName, Part, UserName
from hubtwin.portal.configuration.workflow_actions import WorkflowAction
from hubtwin.portal.configuration.workflow_steps import WorkflowName


class Workflow(Part):
    """A workflow: whom it enrolls, and what it does with them, one action after the other."""

    name: Annotated[Name, Defines("workflow")]
    id: Annotated[int | None, Defines("workflow id")] = Field(default=None, ge=1)
    """What the API calls it; by default the next free number."""
    description: str | None = None
    """What it is for."""
    object: ObjectName = "contacts"
    """The object whose records it enrolls."""
    active: bool = True
    """Whether it is turned on."""
    enroll: Enrollment | None = None
    """Whom it enrolls; people do it by hand only, where it is left out."""
    goal: Filters | None = None
    """The goal of contacts: who meets it leaves, and who met it before does not come in (F7.27)."""
    suppress: Suppression | None = None
    """Who neither comes in nor stays (F7.26): for contacts the names of lists, for others conditions."""
    ends: Literal["all"] | tuple[WorkflowName, ...] | None = None
    """The other workflows that a contact leaves as it comes into this one (F7.6)."""
    hours: tuple[Hours, ...] = ()
    """When its actions are done; always, where it is left out. Who comes to one at another time waits (F7.5)."""
    blocked: tuple[CalendarDay, ...] = ()
    """Days on which nothing is done: `12-24` of every year, `2026-12-31` of one."""
    actions: tuple[WorkflowAction, ...] = ()
    """What it does."""
    json_: dict[str, Any] | None = Field(default=None, alias="json")
    """Members of HubSpot's own JSON (version 4 of the API), which take the place of what the other keys say; null takes
    one out. The whole of a workflow may stand here."""

    @model_validator(mode="after")
    def _fits_the_object(self) -> "Workflow":
        if self.object in ("contacts", "contact"):
            if self.suppress is not None and not isinstance(self.suppress, tuple):
                raise ValueError("contacts are suppressed by lists: give their names")
            return self
        for key in ("goal", "ends"):
            if getattr(self, key) is not None:
                raise ValueError(f"{key} goes with workflows of contacts only")
        if isinstance(self.suppress, tuple):
            raise ValueError(f"{self.object} are suppressed by conditions, not by lists")
        return self


class WorkflowAlert(Part):
    """Who is told by e-mail when an action of a workflow fails, and of which kinds of failure (F2.13)."""

    users: tuple[UserName, ...] = Field(min_length=1)
    """The users, by their e-mail addresses."""
    kinds: tuple[Literal["backward_stage", "not_executed", "other"], ...] = ("backward_stage", "other")
    """What they want to know of: stages that could not go back, actions that HubTwin does not execute, or all else."""
