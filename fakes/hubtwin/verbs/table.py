"""The table of all verbs: the word, and what it takes."""

from hubtwin.verbs.account import ChangeSettings
from hubtwin.verbs.events import TrackEvent
from hubtwin.verbs.imports import ImportCsv
from hubtwin.verbs.lists import AddToList, RemoveFromList
from hubtwin.verbs.meetings import BookMeeting, HoldMeeting
from hubtwin.verbs.records import (
    Archive,
    Associate,
    BulkEdit,
    Dissociate,
    Edit,
    Merge,
    MoveDeal,
    NewCompany,
    NewContact,
    NewDeal,
    NewLead,
    NewOfAnyType,
    NewTicket,
    Update,
)
from hubtwin.verbs.subscriptions import Subscribe, Unsubscribe
from hubtwin.verbs.time import Wait
from hubtwin.verbs.verbs import OneVerb
from hubtwin.verbs.website import Identify, SubmitForm, ViewPage
from hubtwin.verbs.workflows import Enroll


class Action(OneVerb):
    """Something that is done to a portal: one key, the verb."""

    create: NewOfAnyType | None = None
    create_contact: NewContact | None = None
    create_company: NewCompany | None = None
    create_deal: NewDeal | None = None
    create_ticket: NewTicket | None = None
    create_lead: NewLead | None = None
    edit: Edit | None = None
    bulk_edit: BulkEdit | None = None
    update: Update | None = None
    move_deal: MoveDeal | None = None
    associate: Associate | None = None
    dissociate: Dissociate | None = None
    merge: Merge | None = None
    archive: Archive | None = None
    view_page: ViewPage | None = None
    identify: Identify | None = None
    submit_form: SubmitForm | None = None
    book_meeting: BookMeeting | None = None
    hold_meeting: HoldMeeting | None = None
    subscribe: Subscribe | None = None
    unsubscribe: Unsubscribe | None = None
    track_event: TrackEvent | None = None
    import_csv: ImportCsv | None = None
    add_to_list: AddToList | None = None
    remove_from_list: RemoveFromList | None = None
    enroll: Enroll | None = None
    change_settings: ChangeSettings | None = None
    wait: Wait | None = None
