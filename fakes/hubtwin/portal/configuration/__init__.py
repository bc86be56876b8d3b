"""A portal's configuration, as its file has it: one module for each part of the account."""

from hubtwin.portal.configuration.account import Account, App, Limits, OAuth
from hubtwin.portal.configuration.communication import MeetingLink, SubscriptionType
from hubtwin.portal.configuration.forms import Form
from hubtwin.portal.configuration.lifecycle import CompanySync, DefaultStages, LifecycleStage, Options, Settings
from hubtwin.portal.configuration.parts import Name, Part
from hubtwin.portal.configuration.people import User
from hubtwin.portal.configuration.whole import Configuration
from hubtwin.portal.configuration.workflows import ClearProperty, SetProperty, Workflow, WorkflowAction

__all__ = [
    "Account",
    "App",
    "ClearProperty",
    "CompanySync",
    "Configuration",
    "DefaultStages",
    "Form",
    "LifecycleStage",
    "Limits",
    "MeetingLink",
    "Name",
    "OAuth",
    "Options",
    "Part",
    "SetProperty",
    "Settings",
    "SubscriptionType",
    "User",
    "Workflow",
    "WorkflowAction",
]
