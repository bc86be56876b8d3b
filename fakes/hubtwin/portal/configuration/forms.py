"""Forms."""

from typing import Annotated

from pydantic import model_validator

from hubtwin.portal.configuration.parts import Defines, Name, Part, StageName


class Form(Part):
    """A form, and the stages that its submissions set (F4.5: both objects or none)."""

    name: Annotated[Name, Defines("form")]
    fields: tuple[str, ...] = ("email", "firstname", "lastname")
    """The properties of contacts that it asks for."""
    contact_stage: StageName | None = None
    """The stage of whoever submits it, unless the submission brings one (F4.2)."""
    company_stage: StageName | None = None
    """The stage of a company that a submission makes. Submissions don't make companies yet."""
    thanks: str = "Thanks for submitting the form."
    """What visitors read once they have submitted it."""
    redirect: str | None = None
    """The page where they are led to instead."""

    @model_validator(mode="after")
    def _both_stages_or_none(self) -> "Form":
        if (self.contact_stage is None) != (self.company_stage is None):
            raise ValueError("a form sets the stage of both contact_stage and company_stage, or of neither")
        return self
