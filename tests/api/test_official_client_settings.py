"""HubSpot's own Python client administers a portal: stages, labels, properties."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.associations import BatchInputPublicAssociation, PublicAssociation
from hubspot.crm.associations.v4 import AssociationSpec
from hubspot.crm.associations.v4.schema import (
    BatchInputPublicAssociationDefinitionConfigurationCreateRequest,
    PublicAssociationDefinitionConfigurationCreateRequest,
    PublicAssociationDefinitionCreateRequest,
)
from hubspot.crm.companies import SimplePublicObjectInputForCreate as NewCompany
from hubspot.crm.contacts import SimplePublicObjectInputForCreate as NewContact
from hubspot.crm.pipelines import ApiException, PipelineInput, PipelinePatchInput, PipelineStageInput
from hubspot.crm.properties import BatchInputPropertyCreate, PropertyCreate, PropertyGroupCreate, PropertyUpdate

from hubtwin.doors.local import LocalPortal


@pytest.fixture
def client() -> Iterator[Any]:
    """The client of an application that knows nothing of us."""
    with LocalPortal() as portal, portal.in_process():
        yield HubSpot(access_token="pat-na1-x")  # noqa: S106  any token will do


def stage(label: str, order: int, **metadata: str) -> PipelineStageInput:
    return PipelineStageInput(label=label, display_order=order, metadata=metadata)


def test_a_pipeline_from_beginning_to_end(client: Any) -> None:
    """Made, renamed, given a stage, audited and deleted (W5.1.1, W5.1.3, W5.1.4, W5.1.5)."""
    api, stages = client.crm.pipelines.pipelines_api, client.crm.pipelines.pipeline_stages_api
    wanted = [stage("Offered", 0, probability="0.5"), stage("Renewed", 1, probability="1.0")]
    made = api.create("deals", PipelineInput(label="Renewals", display_order=1, stages=wanted))
    assert [one.metadata["isClosed"] for one in made.stages] == ["false", "true"]
    assert api.update("deals", made.id, PipelinePatchInput(label="Extensions")).label == "Extensions"
    assert stages.create("deals", made.id, stage("Lost", 2, probability="0.0")).display_order == 2
    audit = client.crm.pipelines.pipeline_audits_api.get_audit("deals", made.id)
    assert [one.action for one in audit.results] == ["CREATE", "UPDATE", "CREATE"]
    api.archive("deals", made.id)
    with pytest.raises(ApiException) as caught:
        api.get_by_id("deals", made.id)
    assert caught.value.status == 404


def test_a_custom_lifecycle_stage(client: Any) -> None:
    """Its id is a value of the property at once (F1.15, F1.8)."""
    made = client.crm.pipelines.pipeline_stages_api.create("contacts", "contacts-lifecycle-pipeline", stage("Fan", 9))
    contact = client.crm.contacts.basic_api.create(NewContact(properties={"firstname": "A", "lifecyclestage": made.id}))
    assert contact.properties[f"hs_v2_date_entered_{made.id}"].startswith("2026-03-02")


def test_a_label_and_a_limit(client: Any) -> None:
    """A link with a label of one's own, and only one of them (W3.12.1, W3.4, W3.15)."""
    schema = client.crm.associations.v4.schema
    new = PublicAssociationDefinitionCreateRequest(name="manager", label="Manager", inverse_label="Managed by")
    label = schema.definitions_api.create("contacts", "companies", new).results[0]
    limit = PublicAssociationDefinitionConfigurationCreateRequest(
        category=label.category, type_id=label.type_id, max_to_object_ids=1
    )
    limits = BatchInputPublicAssociationDefinitionConfigurationCreateRequest(inputs=[limit])
    set_ = schema.definition_configurations_api.batch_create("contacts", "companies", limits)
    assert set_.results[0].user_enforced_max_to_object_ids == 1
    ada = client.crm.contacts.basic_api.create(NewContact(properties={"firstname": "Ada"}))
    acme = client.crm.companies.basic_api.create(NewCompany(properties={"name": "Acme"}))
    spec = AssociationSpec(association_category=label.category, association_type_id=label.type_id)
    linked = client.crm.associations.v4.basic_api.create("contacts", ada.id, "companies", acme.id, [spec])
    assert linked.labels == ["Primary", "Manager"]


def test_associating_by_version_3(client: Any) -> None:
    """By the type's name, in a batch (W3.13)."""
    ada = client.crm.contacts.basic_api.create(NewContact(properties={"firstname": "Ada"}))
    acme = client.crm.companies.basic_api.create(NewCompany(properties={"name": "Acme"}))
    pair = PublicAssociation(_from={"id": ada.id}, to={"id": acme.id}, type="contact_to_company")
    batch = client.crm.associations.batch_api
    made = batch.create("contacts", "companies", BatchInputPublicAssociation(inputs=[pair]))
    assert [one.type for one in made.results] == ["company_to_contact", "contact_to_company"]


def test_properties_and_groups(client: Any) -> None:
    """A group, two properties in a batch, a change (W4.6.2, W4.5.1)."""
    api, groups = client.crm.properties.core_api, client.crm.properties.groups_api
    groups.create("contacts", PropertyGroupCreate(name="ours", label="Ours"))
    new = [
        PropertyCreate(name=name, label=name, type="string", field_type="text", group_name="ours")
        for name in ("a", "b")
    ]
    made = client.crm.properties.batch_api.create("contacts", BatchInputPropertyCreate(inputs=new))
    assert [one.name for one in made.results] == ["a", "b"]
    assert api.update("contacts", "a", PropertyUpdate(label="First")).label == "First"
    api.archive("contacts", "a")
    assert [one.name for one in api.get_all("contacts", archived=True).results] == ["a"]
