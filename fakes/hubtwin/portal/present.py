"""The configuration that a portal has now, whatever its file once said: what was defined, changed and deleted since.

Parts that nobody can change while the portal runs are as they were configured.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hubtwin.portal import email_presenting, form_presenting, starting_pipelines
from hubtwin.portal.configuration import (
    AssociationLabel,
    Configuration,
    CustomObject,
    LifecycleRules,
    LifecycleStage,
    Option,
    Pipeline,
    PipelineRules,
    PipelineStage,
    Property,
    PropertyGroup,
    RecordList,
    StageRules,
    SubscriptionType,
    Team,
    User,
    ValidationRule,
    Workflow,
)
from hubtwin.portal.definitions import definition_of, general_group, spoken
from hubtwin.portal.filter_branches import short_forms
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.short_forms.shortening import shortened
from hubtwin.portal.flows.workflows import FIRST_ID as FIRST_FLOW_ID
from hubtwin.portal.ids import unsaid
from hubtwin.portal.lists import FIRST_ID as FIRST_LIST_ID
from hubtwin.portal.object_lists import DYNAMIC, MANUAL, SNAPSHOT, ObjectList
from hubtwin.portal.objects import COMPANIES, CONTACTS, ObjectType
from hubtwin.portal.pipeline_rules import RuleSet, StagesOfRule
from hubtwin.portal.pipelines import Pipeline as LivePipeline
from hubtwin.portal.pipelines import Stage
from hubtwin.portal.preferences import FIRST_ID as FIRST_SUBSCRIPTION_ID
from hubtwin.portal.properties import PropertyDefinition, defaults
from hubtwin.portal.schemas import ACTIVITIES, Schema
from hubtwin.portal.schemas import FIRST_ID as FIRST_OBJECT_ID
from hubtwin.portal.users import FIRST_OWNER_ID, FIRST_USER_ID, teams_of

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

_KINDS = {DYNAMIC: "dynamic", SNAPSHOT: "snapshot", MANUAL: "static"}


def present(portal: "Portal") -> Configuration:
    """The configuration that makes a portal like this one."""
    live = {part: read(portal) for part, read in LIVE.items()}
    return Configuration.model_validate({**dict(portal.configuration), **live})


# -- people and stages ---------------------------------------------------------------------------------------


def _users(portal: "Portal") -> tuple[User, ...]:
    configured = {user.email.lower(): user for user in portal.configuration.users}
    owners = list(portal.users)
    ids = unsaid([owner.id for owner in owners], FIRST_OWNER_ID)
    user_ids = unsaid([owner.user_id for owner in owners], FIRST_USER_ID)
    return tuple(
        configured.get(owner.email.lower(), User(email=owner.email)).model_copy(
            update={
                "first_name": owner.first_name,
                "last_name": owner.last_name,
                "id": id,
                "user_id": user_id,
                "team": owner.team,
                "secondary_teams": owner.secondary_teams,
                "role": owner.role,
                "super_admin": owner.super_admin,
            }
        )
        for owner, id, user_id in zip(owners, ids, user_ids, strict=True)
    )


def _teams(portal: "Portal") -> tuple[Team, ...]:
    """The teams, unless they follow from what users say of theirs."""
    live = portal.users.teams
    return () if live == teams_of(_users(portal), ()) else tuple(Team(name=team.name, id=team.id) for team in live)


def _stages(portal: "Portal") -> tuple[LifecycleStage, ...]:
    configured = {stage.id: stage for stage in portal.configuration.stages}
    (pipeline,) = portal.pipelines[CONTACTS]
    return tuple(
        configured.get(stage.id, LifecycleStage(id=stage.id, label=stage.label)).model_copy(
            update={"label": stage.label, "calculated": stage.is_calculated}
        )
        for stage in pipeline.stages
    )


def _lifecycle_rules(portal: "Portal") -> LifecycleRules:
    found = {}
    for type in (CONTACTS, COMPANIES):
        (pipeline,) = portal.pipelines[type]
        found[type.name] = StageRules.model_validate(_rules(portal.pipeline_rules.of(type, pipeline)))
    return LifecycleRules(**found)


def _rules(rules: RuleSet) -> dict[str, Any]:
    return {
        "no_backwards": _stages_of(rules.no_backwards),
        "no_skipping": _stages_of(rules.no_skipping),
        "creation": rules.creation,
    }


def _stages_of(rule: StagesOfRule) -> Any:
    return "all" if rule.every else rule.ids


def _subscription_types(portal: "Portal") -> tuple[SubscriptionType, ...]:
    ids = unsaid([one.id for one in portal.preferences], FIRST_SUBSCRIPTION_ID)
    types = portal.configuration.subscription_types
    return tuple(type.model_copy(update={"id": id}) for type, id in zip(types, ids, strict=True))


# -- properties ----------------------------------------------------------------------------------------------


def _properties(portal: "Portal") -> dict[str, tuple[Property, ...]]:
    found = {
        type.name: tuple(_own_and_changed(portal, type))
        for type in portal.types
        if not type.is_custom  # whose properties stand with them
    }
    return {name: properties for name, properties in found.items() if properties}


def _own_and_changed(portal: "Portal", type: ObjectType) -> Iterator[Property]:
    own = defaults().get(type.name, {})
    for definition in portal.properties[type]:
        if not definition.hubspot_defined:
            yield property_of(type, definition)
        elif (before := own.get(definition.name)) is not None and not definition.has_read_only_options:
            options = {"options": _options(definition)} if definition.options != before.options else {}
            if options or definition.rules:
                yield Property.model_validate({"name": definition.name, **options, "rules": _validation(definition)})


def property_of(type: ObjectType, definition: PropertyDefinition) -> Property:
    """A property of the account's own, as a portal file has it: what follows from the rest is left out."""
    full = Property(
        name=definition.name,
        label=definition.label,
        description=definition.description,
        type=definition.type,
        field=definition.field_type,
        group=definition.group,
        options=_options(definition),
        owners=definition.referenced_object == "OWNER",
        unique=definition.unique,
        hidden=definition.hidden,
        form_field=definition.form_field,
        sensitivity=definition.sensitivity,
        rules=_validation(definition),
    )
    short = full
    for key in ("label", "type", "field", "group"):
        less = short.model_copy(update={key: None})
        if _made(type, less) == _made(type, full):
            short = less
    return short


def _made(type: ObjectType, property: Property) -> PropertyDefinition:
    return replace(definition_of(type, property, 0), rules=())


def _options(definition: PropertyDefinition) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=option.value,
            label=None if option.label == option.value else option.label,
            description=option.description,
            hidden=option.hidden,
        )
        for option in sorted(definition.options, key=lambda option: option.display_order)
    )


def _validation(definition: PropertyDefinition) -> tuple[ValidationRule, ...]:
    return tuple(
        ValidationRule(type=rule.type, arguments=rule.arguments, normalises=rule.normalises)
        for rule in definition.rules
    )


def _property_groups(portal: "Portal") -> dict[str, tuple[PropertyGroup, ...]]:
    found: dict[str, tuple[PropertyGroup, ...]] = {}
    for type in portal.types:
        properties = portal.properties[type]
        given = properties.given_groups | {general_group(type)}
        own = [group for name, group in properties.groups.items() if name not in given]
        if own:
            found[type.name] = tuple(
                PropertyGroup(name=group.name, label=None if group.label == group.name else group.label)
                for group in own
            )
    return found


# -- pipelines -----------------------------------------------------------------------------------------------


def _pipelines(portal: "Portal") -> dict[str, tuple[Pipeline, ...]]:
    found: dict[str, tuple[Pipeline, ...]] = {}
    for type in portal.types:
        if type.stage is None or type.has_lifecycle:
            continue
        live = list(portal.pipelines[type])
        standard = starting_pipelines.standard(type)
        if _plain(live) != _plain(standard) or any(portal.pipeline_rules.are_set(type, one) for one in live):
            found[type.name] = tuple(_pipeline(portal, type, one, number) for number, one in enumerate(live))
    return found


def _plain(pipelines: list[LivePipeline]) -> list[Any]:
    """What two accounts' pipelines have in common that are the same."""
    return [(one.id, one.label, [(s.id, s.label, s.metadata) for s in one.stages]) for one in pipelines]


def _pipeline(portal: "Portal", type: ObjectType, live: LivePipeline, number: int) -> Pipeline:
    made = Pipeline(
        label=live.label,
        stages=tuple(_stage(stage) for stage in live.stages),
        rules=PipelineRules.model_validate(_rules(portal.pipeline_rules.of(type, live))),
    )
    same = starting_pipelines.id_of(type, made, number) == live.id
    return made if same else made.model_copy(update={"id": live.id})


def _stage(live: Stage) -> PipelineStage:
    metadata = dict(live.metadata)
    is_deal = "probability" in metadata
    return PipelineStage(
        label=live.label,
        id=None if starting_pipelines.word_of(live.label) == live.id else live.id,
        probability=float(metadata["probability"]) if is_deal else None,
        closed=live.is_closed and not is_deal,
    )


# -- objects, labels, lists ----------------------------------------------------------------------------------


def _objects(portal: "Portal") -> tuple[CustomObject, ...]:
    live = [schema for schema in portal.schemas if not schema.is_archived]
    ids = unsaid([int(schema.type.id.removeprefix("2-")) for schema in live], FIRST_OBJECT_ID)
    return tuple(_object(portal, schema, id) for schema, id in zip(live, ids, strict=True))


def _object(portal: "Portal", schema: Schema, id: int | None) -> CustomObject:
    type = schema.type
    own = [one for one in portal.properties[type] if not one.hubspot_defined]
    others = dict.fromkeys(one.to_type for one in schema.associations.values() if one.from_type == type.singular)
    singular, plural = schema.labels.get("singular"), schema.labels.get("plural")
    spoken_name = spoken(type.name)
    return CustomObject(
        name=type.name,
        id=id,
        label=None if singular == spoken_name else singular,
        plural=None if plural == f"{singular or spoken_name}s" else plural,
        description=schema.description,
        properties=tuple(property_of(type, one) for one in own),
        required=schema.required,
        searchable=type.searched,
        primary=None if own and schema.primary_display == own[0].name else schema.primary_display,
        secondary=schema.secondary_display,
        associated_with=tuple(
            name for other in others if (name := portal.type(other).name) not in ACTIVITIES and other != type.singular
        ),
    )


def _association_labels(portal: "Portal") -> tuple[AssociationLabel, ...]:
    associations = portal.associations
    found: list[AssociationLabel] = []
    seen: set[int] = set()
    for type in associations.own:
        inverse = associations.inverse(type)
        if type.label is None or type.id in seen or inverse is None:
            continue
        seen.add(inverse.id)
        label = {
            "from": portal.type(type.from_type).name,
            "to": portal.type(type.to_type).name,
            "label": type.label,
            "inverse": None if inverse.label == type.label else inverse.label,
            "name": None if starting_pipelines.word_of(type.label) == type.name else type.name,
        }
        found.append(AssociationLabel.model_validate(label))
    return tuple(found)


def _lists(portal: "Portal") -> tuple[RecordList, ...]:
    aliases = {record: alias for alias, record in portal.seeding.records.items()}
    ids = unsaid([one.id for one in portal.lists], FIRST_LIST_ID)
    return tuple(_list(portal, one, id, aliases) for one, id in zip(portal.lists, ids, strict=True))


def _list(portal: "Portal", live: ObjectList, id: int | None, aliases: Mapping[Any, str]) -> RecordList:
    members = [] if live.is_dynamic else [f"${aliases[record]}" for record in live if record in aliases]
    filters = None if live.branch is None else short_forms.shortened(portal, live.type, live.branch)
    return RecordList.model_validate(
        {
            "name": live.name,
            "id": id,
            "object": live.type.name,
            "kind": _KINDS[live.processing],
            "filters": filters,
            "members": members,
        }
    )


# -- workflows -----------------------------------------------------------------------------------------------


def _workflows(portal: "Portal") -> tuple[Workflow, ...]:
    ids = portal.workflows.ids
    flows = {flow.id: flow for flow in portal.workflows}
    said = unsaid([int(id) for id in ids.values()], FIRST_FLOW_ID)
    made = (_workflow(portal, flows[id], name, ids) for name, id in ids.items())
    return tuple(one.model_copy(update={"id": id}) for one, id in zip(made, said, strict=True))


def _workflow(portal: "Portal", live: Flow, name: str, ids: Mapping[str, str]) -> Workflow:
    """A workflow as it is now; whether it began with existing records its file alone says."""
    made = Workflow.model_validate(shortened(portal, live.data, ids, name))
    configured = next((one for one in portal.configuration.workflows if one.name == name), None)
    if made.enroll is None or configured is None or configured.enroll is None:
        return made
    enroll = made.enroll.model_copy(update={"existing": configured.enroll.existing})
    return made.model_copy(update={"enroll": enroll})


#: How the parts that change while a portal runs are read out of it. Whoever makes another part changeable adds it.
LIVE: Mapping[str, Callable[["Portal"], Any]] = MappingProxyType(
    {
        "stages": _stages,
        "settings": lambda portal: portal.settings,
        "lifecycle_rules": _lifecycle_rules,
        "objects": _objects,
        "association_labels": _association_labels,
        "property_groups": _property_groups,
        "properties": _properties,
        "pipelines": _pipelines,
        "users": _users,
        "teams": _teams,
        "forms": form_presenting.forms,
        "subscription_types": _subscription_types,
        "marketing_emails": email_presenting.emails,
        "lists": _lists,
        "workflows": _workflows,
    }
)
