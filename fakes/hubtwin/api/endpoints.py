"""The endpoint table: every operation that is imitated."""

from hubtwin.api import associations, contacts_v1, objects, owners, pipelines, properties, search
from hubtwin.api.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *objects.ENDPOINTS,
    *search.ENDPOINTS,
    *associations.ENDPOINTS,
    *properties.ENDPOINTS,
    *pipelines.ENDPOINTS,
    *owners.ENDPOINTS,
    *contacts_v1.ENDPOINTS,
)
