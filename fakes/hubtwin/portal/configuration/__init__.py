"""A portal's configuration, as its file has it: one module for each part of the account."""

from hubtwin.portal.configuration.account import Account, App, Limits, OAuth
from hubtwin.portal.configuration.ads import AdAccount, AdForm
from hubtwin.portal.configuration.chatflow_steps import (
    Ask,
    BookMeeting,
    Branch,
    BranchCondition,
    CreateTicket,
    End,
    Enroll,
    Plan,
    Say,
    SendToAgent,
    SetContactProperty,
    Step,
)
from hubtwin.portal.configuration.chatflows import Assignment, Availability, Chatflow, Hours, PageRule, Target
from hubtwin.portal.configuration.communication import MeetingLink, SubscriptionType
from hubtwin.portal.configuration.conditions import Condition, ShortFilters
from hubtwin.portal.configuration.connected import (
    AutomationDecay,
    AutomationStage,
    Billing,
    BillingPlan,
    BillingProperties,
    Churn,
    Connected,
    HandOver,
    MarketingAutomation,
    Product,
    ProductEvent,
    ProductRule,
    Salesforce,
)
from hubtwin.portal.configuration.forms import FieldCondition, Form, FormConsent, FormField
from hubtwin.portal.configuration.inboxes import Inbox
from hubtwin.portal.configuration.leads import LeadSettings
from hubtwin.portal.configuration.lifecycle import CompanySync, DefaultStages, LifecycleStage, Options, Settings
from hubtwin.portal.configuration.lists import RecordList
from hubtwin.portal.configuration.marketing_emails import EmailDelivery, MarketingEmail
from hubtwin.portal.configuration.objects import AssociationLabel, CustomObject
from hubtwin.portal.configuration.parts import Name, Part
from hubtwin.portal.configuration.people import User
from hubtwin.portal.configuration.pipelines import LifecycleRules, Pipeline, PipelineRules, PipelineStage, StageRules
from hubtwin.portal.configuration.properties import Option, Property, PropertyGroup, ValidationRule
from hubtwin.portal.configuration.records import InitialRecord
from hubtwin.portal.configuration.scores import (
    EventRule,
    Grades,
    PropertyRule,
    Score,
    ScoreDecay,
    ScoreGroup,
    ScoreRule,
    SegmentRule,
)
from hubtwin.portal.configuration.synced import FieldMapping, RecordSync, SyncFilter
from hubtwin.portal.configuration.views import FilterGroup, SearchFilter, View
from hubtwin.portal.configuration.whole import Configuration
from hubtwin.portal.configuration.workflows import ClearProperty, SetProperty, Workflow, WorkflowAction

__all__ = [
    "Account",
    "AdAccount",
    "AdForm",
    "App",
    "Ask",
    "Assignment",
    "AssociationLabel",
    "AutomationDecay",
    "AutomationStage",
    "Availability",
    "Billing",
    "BillingPlan",
    "BillingProperties",
    "BookMeeting",
    "Branch",
    "BranchCondition",
    "Chatflow",
    "Churn",
    "ClearProperty",
    "CompanySync",
    "Condition",
    "Configuration",
    "Connected",
    "CreateTicket",
    "CustomObject",
    "DefaultStages",
    "EmailDelivery",
    "End",
    "Enroll",
    "EventRule",
    "FieldCondition",
    "FieldMapping",
    "FilterGroup",
    "Form",
    "FormConsent",
    "FormField",
    "Grades",
    "HandOver",
    "Hours",
    "Inbox",
    "InitialRecord",
    "LeadSettings",
    "LifecycleRules",
    "LifecycleStage",
    "Limits",
    "MarketingAutomation",
    "MarketingEmail",
    "MeetingLink",
    "Name",
    "OAuth",
    "Option",
    "Options",
    "PageRule",
    "Part",
    "Pipeline",
    "PipelineRules",
    "PipelineStage",
    "Plan",
    "Product",
    "ProductEvent",
    "ProductRule",
    "Property",
    "PropertyGroup",
    "PropertyRule",
    "RecordList",
    "RecordSync",
    "Salesforce",
    "Say",
    "Score",
    "ScoreDecay",
    "ScoreGroup",
    "ScoreRule",
    "SearchFilter",
    "SegmentRule",
    "SendToAgent",
    "SetContactProperty",
    "SetProperty",
    "Settings",
    "ShortFilters",
    "StageRules",
    "Step",
    "SubscriptionType",
    "SyncFilter",
    "Target",
    "User",
    "ValidationRule",
    "View",
    "Workflow",
    "WorkflowAction",
]
