"""The table of all verbs: the word, and what it takes."""

from hubtwin.verbs.account import ChangeSettings, ChangeStages
from hubtwin.verbs.ads import SubmitLeadForm
from hubtwin.verbs.chats import Chat, EmailInbox, ReplyToChat
from hubtwin.verbs.connected import Billing, MarketingAutomation, Product, Sync
from hubtwin.verbs.emails import ClickEmail, OpenEmail, ReplyEmail, ReportEmail, SendEmail, UnsubscribeEmail
from hubtwin.verbs.events import TrackEvent
from hubtwin.verbs.imports import ImportCsv
from hubtwin.verbs.lists import AddToList, RemoveFromList
from hubtwin.verbs.mailbox import AddContact, LogEmail, ReceiveReply
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
from hubtwin.verbs.salesforce import Salesforce
from hubtwin.verbs.subscriptions import Subscribe, Unsubscribe
from hubtwin.verbs.time import Wait
from hubtwin.verbs.verbs import OneVerb
from hubtwin.verbs.website import Identify, InteractWithForm, SubmitForm, ViewForm, ViewPage
from hubtwin.verbs.workflows import Enroll, HideIssues, TurnOff, TurnOn, Unenroll


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
    view_form: ViewForm | None = None
    interact_with_form: InteractWithForm | None = None
    submit_form: SubmitForm | None = None
    submit_lead_form: SubmitLeadForm | None = None
    chat: Chat | None = None
    reply_to_chat: ReplyToChat | None = None
    email_inbox: EmailInbox | None = None
    book_meeting: BookMeeting | None = None
    hold_meeting: HoldMeeting | None = None
    send_email: SendEmail | None = None
    open_email: OpenEmail | None = None
    click_email: ClickEmail | None = None
    reply_email: ReplyEmail | None = None
    report_email: ReportEmail | None = None
    unsubscribe_email: UnsubscribeEmail | None = None
    subscribe: Subscribe | None = None
    unsubscribe: Unsubscribe | None = None
    add_contact: AddContact | None = None
    log_email: LogEmail | None = None
    receive_reply: ReceiveReply | None = None
    track_event: TrackEvent | None = None
    import_csv: ImportCsv | None = None
    add_to_list: AddToList | None = None
    remove_from_list: RemoveFromList | None = None
    enroll: Enroll | None = None
    unenroll: Unenroll | None = None
    turn_on: TurnOn | None = None
    turn_off: TurnOff | None = None
    hide_issues: HideIssues | None = None
    salesforce: Salesforce | None = None
    billing: Billing | None = None
    product: Product | None = None
    marketing_automation: MarketingAutomation | None = None
    sync: Sync | None = None
    change_settings: ChangeSettings | None = None
    change_stages: ChangeStages | None = None
    wait: Wait | None = None
