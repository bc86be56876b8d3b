"""The endpoint table: every operation that is imitated."""

from hubtwin.api import associations, imports, objects, owners, pipelines, properties, schemas, search
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.legacy import (
    companies_v2,
    contact_pages_v1,
    contacts_v1,
    crm_associations_v1,
    crm_objects_v1,
    deals_v1,
    engagements_v1,
    owners_v2,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *objects.ENDPOINTS,
    *search.ENDPOINTS,
    *associations.ENDPOINTS,
    *properties.ENDPOINTS,
    *pipelines.ENDPOINTS,
    *owners.ENDPOINTS,
    *schemas.ENDPOINTS,
    *contacts_v1.ENDPOINTS,
    *contact_pages_v1.ENDPOINTS,
    *companies_v2.ENDPOINTS,
    *deals_v1.ENDPOINTS,
    *engagements_v1.ENDPOINTS,
    *crm_objects_v1.ENDPOINTS,
    *crm_associations_v1.ENDPOINTS,
    *owners_v2.ENDPOINTS,
    *imports.ENDPOINTS,
)
