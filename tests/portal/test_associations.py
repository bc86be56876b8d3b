"""Associations and the primary company."""

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.associations import defaults
from hubtwin.portal.errors import InvalidAssociation


def people(portal: Portal) -> tuple[Record, Record, Record]:
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    acme, globex = (portal.create("companies", {"name": name}) for name in ("Acme", "Globex"))
    portal.associate(ada, acme)
    portal.associate(ada, globex)
    return ada, acme, globex


def test_the_first_company_is_the_primary_one() -> None:
    """The first company that a contact gets becomes its primary, and the contact names it (W3.16)."""
    portal = Portal()
    ada, acme, globex = people(portal)
    assert portal.associations.of(ada, acme.type) == {acme: {1, 279}, globex: {279}}
    assert ada.get("associatedcompanyid") == str(acme.id)
    assert (acme.get("num_associated_contacts"), globex.get("num_associated_contacts")) == ("1", "1")


def test_asking_for_primary_moves_it() -> None:
    """A contact has one primary company: asking for Primary on another takes it from the first (W3.16)."""
    portal = Portal()
    ada, acme, globex = people(portal)
    primary = portal.associations.primary(ada.type, globex.type)
    assert primary is not None
    portal.associate(ada, globex, types=[primary])
    assert portal.associations.of(ada, acme.type) == {acme: {279}, globex: {1, 279}}
    assert ada.get("associatedcompanyid") == str(globex.id)


def test_it_does_not_matter_from_which_end() -> None:
    """Associating the company with the contact is the same as the other way round (W3.16)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    acme = portal.create("companies", {"name": "Acme"})
    portal.associate(acme, ada)
    assert portal.associations.primary_of(ada, acme.type) is acme
    assert portal.associations.of(acme, ada.type) == {ada: {2, 280}}


def test_unlinking_takes_all_labels_and_may_be_repeated() -> None:
    """After that nothing is left of the link, at either end (W3.9)."""
    portal = Portal()
    ada, acme, globex = people(portal)
    for _ in range(2):
        portal.dissociate(ada, acme)
    assert portal.associations.of(ada, acme.type) == {globex: {279}}
    assert portal.associations.of(acme, ada.type) == {}
    assert ada.get("associatedcompanyid") is None
    assert acme.get("num_associated_contacts") == "0"


def test_records_that_hubspot_does_not_associate() -> None:
    """Two types without an association type can't be linked, and nothing is created then (W3.10)."""
    portal = Portal()
    one = portal.create("meetings", {"hs_timestamp": 0})
    with pytest.raises(InvalidAssociation, match="meetings can't be associated with meetings"):
        portal.create("meetings", {"hs_timestamp": 0}, links=[(one, ())])
    assert len(portal.records[one.type]) == 1


def test_association_types_have_inverses() -> None:
    """HubSpot's types between the objects that we have lead back, but for seven that it lists one way (W3.18)."""
    portal = Portal()
    names = {type.singular for type in portal.types}
    ours = [type for type in defaults() if {type.from_type, type.to_type} <= names]
    inverses = {type.name: portal.associations.inverse(type) for type in ours}
    one_way = {name for name, inverse in inverses.items() if inverse is None}
    assert len(ours) == 279
    assert one_way == {
        "LEAD_TO_PRIMARY_CONTACT",
        "LEAD_TO_PRIMARY_COMPANY",
        "ORDER_TO_TASK",
        "CART_TO_TASK",
        "CART_TO_TICKET",
        "FEEDBACK_SUBMISSION_TO_CART",
        "INVOICE_TO_TICKET",
    }
    for type in ours:
        inverse = inverses[type.name]
        assert inverse is None or (inverse.from_type, inverse.to_type) == (type.to_type, type.from_type)
