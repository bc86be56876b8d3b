"""The endpoint table: every operation that is imitated, and where each family of paths has it (W1.11).

The table drives the routing and the coverage page. A handler is a function from a call to a response.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hubtwin.api import associations, contacts_v1, objects, owners, pipelines, properties, search
from hubtwin.api.calls import Call
from hubtwin.api.http import Response

Handler = Callable[[Call], Response]

#: The dated versions of the API (W1.11). Where HubSpot has an operation in one of them, all answer here (W1.11).
DATED = ("2025-09", "2026-03", "2026-09")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation. *path* is that of v1, v3 or v4, *dated* that of the dated versions.

    Words in braces are parameters; `{version}` stands for each of DATED.
    """

    method: str
    path: str
    dated: str | None
    handler: Handler

    @property
    def operation(self) -> str:
        """What the operation does, in the words of its handler."""
        return (self.handler.__doc__ or "").partition("\n")[0]

    def paths(self) -> Iterator[str]:
        """The path in each family that has the operation."""
        yield self.path
        if self.dated is not None:
            for version in DATED:
                yield self.dated.replace("{version}", version)


def _objects() -> Iterator[Endpoint]:
    old, new = "/crm/v3/objects/{objectType}", "/crm/objects/{version}/{objectType}"
    for method, tail, handler in (
        ("GET", "", objects.list_),
        ("POST", "", objects.create),
        ("GET", "/{objectId}", objects.read),
        ("PATCH", "/{objectId}", objects.update),
        ("DELETE", "/{objectId}", objects.archive),
        ("POST", "/search", search.search),
        ("POST", "/batch/create", objects.batch_create),
        ("POST", "/batch/read", objects.batch_read),
        ("POST", "/batch/update", objects.batch_update),
        ("POST", "/batch/upsert", objects.batch_upsert),
        ("POST", "/batch/archive", objects.batch_archive),
    ):
        yield Endpoint(method, old + tail, new + tail, handler)


def _associations() -> Iterator[Endpoint]:
    record = "/{objectType}/{objectId}/associations"
    for method, tail, handler in (
        ("PUT", "/default/{toObjectType}/{toObjectId}", associations.associate_default),
        ("PUT", "/{toObjectType}/{toObjectId}", associations.associate),
        ("DELETE", "/{toObjectType}/{toObjectId}", associations.dissociate),
        ("GET", "/{toObjectType}", associations.list_),
    ):
        yield Endpoint(method, f"/crm/v4/objects{record}{tail}", f"/crm/objects/{{version}}{record}{tail}", handler)
    pair = "/{fromObjectType}/{toObjectType}"
    for method, tail, handler in (
        ("GET", "/labels", associations.labels),
        ("POST", "/batch/read", associations.batch_read),
        ("POST", "/batch/create", associations.batch_create),
        ("POST", "/batch/associate/default", associations.batch_associate_default),
        ("POST", "/batch/archive", associations.batch_archive),
    ):
        yield Endpoint(
            method, f"/crm/v4/associations{pair}{tail}", f"/crm/associations/{{version}}{pair}{tail}", handler
        )


def _settings() -> Iterator[Endpoint]:
    for api, method, tail, handler in (
        ("properties", "GET", "/{objectType}", properties.list_),
        ("properties", "POST", "/{objectType}", properties.create),
        ("properties", "GET", "/{objectType}/groups", properties.list_groups),
        ("properties", "POST", "/{objectType}/groups", properties.create_group),
        ("properties", "POST", "/{objectType}/batch/read", properties.batch_read),
        ("properties", "GET", "/{objectType}/{propertyName}", properties.read),
        ("properties", "PATCH", "/{objectType}/{propertyName}", properties.update),
        ("properties", "DELETE", "/{objectType}/{propertyName}", properties.archive),
        ("pipelines", "GET", "/{objectType}", pipelines.list_),
        ("pipelines", "GET", "/{objectType}/{pipelineId}", pipelines.read),
        ("pipelines", "GET", "/{objectType}/{pipelineId}/stages", pipelines.list_stages),
        ("pipelines", "GET", "/{objectType}/{pipelineId}/stages/{stageId}", pipelines.read_stage),
        ("owners", "GET", "", owners.list_),
        ("owners", "GET", "/{ownerId}", owners.read),
    ):
        yield Endpoint(method, f"/crm/v3/{api}{tail}", f"/crm/{api}/{{version}}{tail}", handler)


ENDPOINTS: tuple[Endpoint, ...] = (
    *_objects(),
    *_associations(),
    *_settings(),
    Endpoint("POST", "/contacts/v1/contact/vid/{vid}/profile", None, contacts_v1.update),
)
