"""The part of the endpoint table that versions 1 and 2 have (W12.9)."""

from hubtwin.api.endpoint import Endpoint
from hubtwin.api.legacy import (
    companies_v2,
    contact_lists_v1,
    contact_pages_v1,
    contacts_v1,
    crm_associations_v1,
    crm_objects_v1,
    deals_v1,
    email_v1,
    engagements_v1,
    form_submissions_v1,
    form_uploads_v2,
    forms_v2,
    owners_v2,
    pipelines_v1,
    properties_v1_v2,
    secondary_emails_v1,
    stage_metrics_v1,
    subscriptions_v1,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *contacts_v1.ENDPOINTS,
    *contact_pages_v1.ENDPOINTS,
    *contact_lists_v1.ENDPOINTS,
    *secondary_emails_v1.ENDPOINTS,
    *stage_metrics_v1.ENDPOINTS,
    *companies_v2.ENDPOINTS,
    *deals_v1.ENDPOINTS,
    *engagements_v1.ENDPOINTS,
    *crm_objects_v1.ENDPOINTS,
    *crm_associations_v1.ENDPOINTS,
    *pipelines_v1.ENDPOINTS,
    *properties_v1_v2.ENDPOINTS,
    *owners_v2.ENDPOINTS,
    *forms_v2.ENDPOINTS,
    *form_submissions_v1.ENDPOINTS,
    *email_v1.ENDPOINTS,
    *subscriptions_v1.ENDPOINTS,
    *form_uploads_v2.ENDPOINTS,
)
