"""Imports over HTTP: multipart bodies, states, errors."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pytest
from hubspot import HubSpot
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.doors.local import LocalPortal
from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]
Upload = Callable[..., tuple[int, Any]]

IMPORTS = "/crm/v3/imports"
EMAIL = {"columnObjectTypeId": "0-1", "columnName": "Email", "propertyName": "email"}
NAME = {"columnObjectTypeId": "0-1", "columnName": "Name", "propertyName": "firstname"}
STAGE = {"columnObjectTypeId": "0-1", "columnName": "Stage", "propertyName": "lifecyclestage"}


def request(*columns: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    file = {"fileName": "a.csv", "fileFormat": "CSV", "fileImportPage": {"hasHeader": True, "columnMappings": columns}}
    return {"name": "Leads", "files": [file], **changes}


def body(importing: Any, csv: str | bytes) -> bytes:
    content = csv if isinstance(csv, bytes) else csv.encode()
    return b"\r\n".join(
        [
            b'--x\r\nContent-Disposition: form-data; name="importRequest"\r\n',
            importing if isinstance(importing, bytes) else orjson.dumps(importing),
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\nContent-Type: text/csv\r\n',
            content,
            b"--x--\r\n",
        ]
    )


@pytest.fixture
def upload(account: Portal) -> Upload:
    """`upload(importing, csv)` → status and parsed body of the import that it starts."""
    headers = {"authorization": "Bearer x", "content-type": "multipart/form-data; boundary=x"}

    def upload(importing: Any, csv: str | bytes, path: str = IMPORTS) -> tuple[int, Any]:
        response = Api(account).handle(Request("POST", path, "", headers, body(importing, csv)))
        return response.status, orjson.loads(response.body)

    return upload


def run(upload: Upload, account: Portal, importing: Any, csv: str | bytes) -> str:
    """Import to the end; the path of the import."""
    status, answered = upload(importing, csv)
    assert status == 200, answered
    account.clock.advance("1h")
    return f"{IMPORTS}/{answered['id']}"


def contacts(account: Portal) -> list[tuple[str | None, str | None]]:
    return [(contact.get("email"), contact.stage) for contact in account.records[account.type("contacts")]]


def error_types(call: Call, path: str) -> list[str]:
    return [error["errorType"] for error in call("GET", f"{path}/errors")[1]["results"]]


def test_an_import_starts(upload: Upload) -> None:
    """200 with the state, the request and the types (W6.5.1)."""
    importing = request(EMAIL, dateFormat="DAY_MONTH_YEAR")
    status, answered = upload(importing, "Email\na@b.example\n")
    assert (status, answered["state"], answered["metadata"]["counters"]) == (200, "STARTED", {})
    assert (answered["importName"], answered["importSource"], answered["mappedObjectTypeIds"]) == (
        "Leads",
        "API",
        ["0-1"],
    )
    assert answered["importRequestJson"] == orjson.loads(orjson.dumps(importing))


def test_states_follow_the_clock(upload: Upload, call: Call, account: Portal) -> None:
    """Nothing is written before its time (W6.5.2)."""
    _, started = upload(request(EMAIL), "Email\na@b.example\n")
    path, seen = f"{IMPORTS}/{started['id']}", []
    for _ in range(3):
        seen.append((call("GET", path)[1]["state"], len(contacts(account))))
        account.clock.advance("1s")
    assert seen == [("STARTED", 0), ("PROCESSING", 0), ("DONE", 1)]


def test_what_an_import_wrote(upload: Upload, call: Call, account: Portal) -> None:
    """Counters, and records whose source is the import (W6.5.1, F6.12)."""
    path = run(upload, account, request(EMAIL, NAME), "Email,Name\na@b.example,A\nc@d.example,C\n")
    counters = call("GET", path)[1]["metadata"]["counters"]
    assert counters == {
        "TOTAL_ROWS": 2,
        "MAPPED_COLUMNS": 2,
        "CREATED_OBJECTS": 2,
        "PROPERTY_VALUES_EMITTED": 4,
        "UNIQUE_OBJECTS_WRITTEN": 2,
    }
    contact = account.find("contacts", 1001)
    assert (contact.get("hs_object_source"), contact.get("hs_object_source_id")) == ("IMPORT", path.split("/")[-1])
    assert [entry.kind for entry in account.why(contact, "email")] == ["import started", "created"]


def test_stages_by_label_or_value_and_for_the_whole_import(upload: Upload, call: Call, account: Portal) -> None:
    """The import's own stage fills what is blank or invalid (F4.13)."""
    csv = "Email,Stage\na@b.example,Customer\nb@b.example,opportunity\nc@b.example,\nd@b.example,nonsense\n"
    path = run(upload, account, request(EMAIL, STAGE, lifecycleStage="subscriber"), csv)
    assert [stage for _, stage in contacts(account)] == ["customer", "opportunity", "subscriber", "subscriber"]
    assert error_types(call, path) == ["INVALID_ENUMERATION_OPTION"]


def test_an_import_never_moves_a_customer_back(upload: Upload, call: Call, account: Portal) -> None:
    """The later stage stays, without an error (F2.b10)."""
    account.create("contacts", {"email": "a@b.example", "lifecyclestage": "customer"})
    path = run(upload, account, request(EMAIL, STAGE), "Email,Stage\nA@b.example,Lead\n")
    assert contacts(account) == [("a@b.example", "customer")]
    assert (error_types(call, path), call("GET", path)[1]["metadata"]["counters"]["UPDATED_OBJECTS"]) == ([], 1)


@pytest.mark.parametrize(
    ("operation", "emails", "error"),
    [
        ("CREATE", ["a@b.example", "n@b.example"], "CREATE_ONLY_IMPORT"),
        ("UPDATE", ["a@b.example"], "UPDATE_ONLY_IMPORT"),
    ],
)
def test_what_an_import_may_do(
    upload: Upload, call: Call, account: Portal, operation: str, emails: list[str], error: str
) -> None:
    """Rows that would do the other thing are errors (W6.5.3)."""
    account.create("contacts", {"email": "a@b.example"})
    importing = request(EMAIL, NAME, importOperations={"0-1": operation})
    path = run(upload, account, importing, "Email,Name\na@b.example,A\nn@b.example,N\n")
    assert [email for email, _ in contacts(account)] == emails
    assert error_types(call, path) == [error]


def test_rows_meet_records_by_id(upload: Upload, call: Call, account: Portal) -> None:
    """HUBSPOT_OBJECT_ID names a record, or the row is an error (W6.5.3)."""
    contact = account.create("contacts", {"email": "a@b.example"})
    id = {"columnObjectTypeId": "0-1", "columnName": "Id", "columnType": "HUBSPOT_OBJECT_ID"}
    path = run(upload, account, request(id, NAME), f"Id,Name\n{contact.id},A\n77,B\nx,C\n")
    assert (contact.get("firstname"), len(contacts(account))) == ("A", 1)
    assert error_types(call, path) == ["INVALID_OBJECT_ID", "INVALID_OBJECT_ID"]


def test_companies_meet_by_domain(upload: Upload, call: Call, account: Portal) -> None:
    """One with the domain is updated; of two nobody knows which is meant (W6.5.3)."""
    for domain in ("a.example", "b.example", "b.example"):
        account.create("companies", {"domain": domain})
    columns = [
        {"columnObjectTypeId": "companies", "columnName": "Domain", "propertyName": "domain"},
        {"columnObjectTypeId": "companies", "columnName": "City", "propertyName": "city"},
    ]
    path = run(upload, account, request(*columns), "Domain,City\na.example,Turku\nb.example,Oulu\n")
    assert [company.get("city") for company in account.records[account.type("companies")]] == ["Turku", None, None]
    assert error_types(call, path) == ["MULTIPLE_COMPANIES_WITH_THIS_DOMAIN"]


def test_good_rows_are_unharmed(upload: Upload, call: Call, account: Portal) -> None:
    """An invalid value is left out, a bad address or a short row takes its row along (W6.5.4)."""
    number = {"columnObjectTypeId": "0-1", "columnName": "Days", "propertyName": "days_to_close"}
    born = {"columnObjectTypeId": "0-1", "columnName": "Closed", "propertyName": "closedate"}
    owner = {"columnObjectTypeId": "0-1", "columnName": "Owner", "propertyName": "hubspot_owner_id"}
    csv = (
        "Email,Closed,Days,Owner\n"
        "a@b.example,2/30/2026,1,nobody\nnot an address,,,\nshort,row\n,,,\n"
        '"c@d.example",3/1/2026,,Ada Admin\n'
    )
    path = run(upload, account, request(EMAIL, born, number, owner), csv)
    assert [email for email, _ in contacts(account)] == ["a@b.example", "c@d.example"]
    contact = account.find("contacts", 1002)
    assert (contact.get("closedate"), contact.get("hubspot_owner_id")) == ("2026-03-01T00:00:00Z", "70000001")
    assert sorted(error_types(call, path)) == [
        "COULD_NOT_FIND_OWNER",
        "COULD_NOT_PARSE_DATE",
        "FAILED_TO_PROCESS_OBJECT_WITH_EMPTY_PROPERTY_VALUES",
        "FAILED_VALIDATION",
        "INCORRECT_NUMBER_OF_COLUMNS",
        "INVALID_EMAIL",
    ]


def test_an_error_names_its_place(upload: Upload, call: Call, account: Portal) -> None:
    """Line, column and value; the message where it is asked for (W6.5.4)."""
    path = run(upload, account, request(EMAIL, STAGE), 'Email,Stage\na@b.example,"x\ny"\nb@b.example,nope\n')
    first, second = call("GET", f"{path}/errors", None, "includeErrorMessage=true")[1]["results"]
    assert (first["sourceData"]["lineNumber"], second["sourceData"]["lineNumber"]) == (2, 4)
    assert second["sourceData"]["rowData"] == ["b@b.example", "nope"]
    assert (second["objectType"], second["invalidValue"], second["knownColumnNumber"]) == ("CONTACT", "nope", 2)
    assert second["errorMessage"].startswith("nope was not one of the allowed options")


def test_records_of_one_row_belong_together(upload: Upload, account: Portal) -> None:
    """A contact and its company; the company is made once (W6.5.6)."""
    domain = {"columnObjectTypeId": "0-2", "columnName": "Domain", "propertyName": "domain"}
    run(upload, account, request(EMAIL, domain), "Email,Domain\na@x.example,x.example\nb@x.example,x.example\n")
    (company,) = account.records[account.type("companies")]
    assert [contact.get("email") for contact in account.associations.of(company, account.type("contacts"))] == [
        "a@x.example",
        "b@x.example",
    ]


def test_a_list_of_the_contacts(upload: Upload, call: Call, account: Portal) -> None:
    """Where it is asked for: called like the import, or like it and its id (W6.5.9)."""
    path = ""
    for _ in range(2):
        path = run(upload, account, request(EMAIL, createContactListFromImport=True), "Email\na@b.example\nx\n")
    assert [list.name for list in account.lists] == ["Leads", f"Leads ({path.split('/')[-1]})"]
    assert [[record.id for record in list] for list in account.lists] == [[1001], [1001]]
    assert call("GET", path)[1]["metadata"]["objectLists"] == [{"listId": "2", "objectType": "CONTACT"}]


@pytest.mark.parametrize(
    ("csv", "error"),
    [
        (b"Email\n\xff\xfe\n", "INVALID_FILE_TYPE"),
        ("Mail\na@b.example\n", "INVALID_COLUMN_CONFIGURATION"),
        ("", "INVALID_COLUMN_CONFIGURATION"),
        (b"Email\n" + b"x" * 200_000, "COULD_NOT_PARSE_ROW"),
        (b"Email\n" + b"a\n" * 1_048_577, "LIMIT_EXCEEDED"),
    ],
    ids=["not utf-8", "no such column", "empty", "too wide", "too long"],
)
def test_files_that_fail_their_import(
    upload: Upload, call: Call, account: Portal, csv: str | bytes, error: str
) -> None:
    """FAILED with one error, and nothing is written (W6.5.5)."""
    path = run(upload, account, request(EMAIL), csv)
    assert (call("GET", path)[1]["state"], error_types(call, path), contacts(account)) == ("FAILED", [error], [])


def test_an_import_can_be_canceled(upload: Upload, call: Call, account: Portal) -> None:
    """What is written stays; what is over can't be stopped (W6.5.7)."""
    csv = "Email\n" + "".join(f"{n}@b.example\n" for n in range(1200))
    path = f"{IMPORTS}/{upload(request(EMAIL), csv)[1]['id']}"
    account.clock.advance("2s")
    assert call("POST", f"{path}/cancel")[0] == 200
    account.clock.advance("1h")
    assert (call("GET", path)[1]["state"], len(contacts(account))) == ("CANCELED", 500)
    assert call("POST", f"{path}/cancel")[0] == 400


@pytest.mark.parametrize(
    "importing",
    [
        b"%",
        [],
        {"name": "x"},
        request(),
        request(EMAIL, name=" "),
        request({**EMAIL, "propertyName": "nope"}),
        request({**NAME, "columnType": "HUBSPOT_ALTERNATE_ID"}),
        request({**EMAIL, "columnType": "EVENT_TIMESTAMP"}),
        request({**EMAIL, "columnObjectTypeId": "butterfly"}),
        request({**EMAIL, "foreignKeyType": {"associationTypeId": 279}}),
        request(EMAIL, importOperations={"0-1": "DELETE"}),
        request(EMAIL, dateFormat="YEAR"),
        request(EMAIL, lifecycleStage="nonsense"),
        request(EMAIL, files=[{"fileName": "b.csv", "fileImportPage": {}}]),
        request(EMAIL, files=[{"fileName": "a.csv", "fileFormat": "SPREADSHEET", "fileImportPage": {}}]),
    ],
)
def test_imports_that_cannot_start(upload: Upload, call: Call, importing: Any) -> None:
    """400, and there is no import (W6.5.8)."""
    assert upload(importing, "Email\na@b.example\n")[0] == 400
    assert call("GET", IMPORTS)[1] == {"results": []}


@pytest.mark.parametrize("content", [b"", b"--x", b"--x--", b"--x\r\n\r\n{}\r\n--x--", b"--y\r\n--y--"])
@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_bodies_that_are_not_multipart(account: Portal, kind: str, content: bytes) -> None:
    """400, whatever is missing (W6.5.1)."""
    headers = {"authorization": "Bearer x", "content-type": kind}
    assert Api(account).handle(Request("POST", IMPORTS, "", headers, content)).status == 400


def test_json_is_no_import(call: Call) -> None:
    """Another kind of body: 415 (W2.7.13)."""
    assert call("POST", IMPORTS, {"name": "x"})[0] == 415


def test_imports_and_errors_in_pages(upload: Upload, call: Call, account: Portal) -> None:
    """Until no `paging` is left; unknown imports are 404 (W6.5.1)."""
    for _ in range(3):
        upload(request(EMAIL), "Email\nx\ny\nz\n")
    account.clock.advance("1h")
    for path in (IMPORTS, f"{IMPORTS}/5000001/errors"):
        _, page = call("GET", path, None, "limit=2")
        _, rest = call("GET", path, None, f"limit=2&after={page['paging']['next']['after']}")
        assert ([len(page["results"]), len(rest["results"])], "paging" in rest) == ([2, 1], False)
    assert [call("GET", f"{IMPORTS}/{id}")[0] for id in ("1", "x", "9" * 5000)] == [404, 404, 404]


@pytest.mark.parametrize("version", ["2025-09", "2026-03", "2026-09"])
def test_dated_paths(upload: Upload, version: str) -> None:
    """The same operation in every dated version (W1.11)."""
    assert upload(request(EMAIL), "Email\n", f"/crm/imports/{version}")[0] == 200


def test_the_official_client_imports(tmp_path: Any) -> None:
    """HubSpot's own client uploads a file and reads what became of it (W6.5.1)."""
    path = tmp_path / "a.csv"
    path.write_text("Email,Name\na@b.example,A\nx,B\n")
    with LocalPortal() as portal, portal.in_process():
        api = HubSpot(access_token="any").crm.imports  # noqa: S106
        id = api.core_api.create(import_request=orjson.dumps(request(EMAIL, NAME)).decode(), files=str(path)).id
        portal.clock.advance("5s")
        found = api.core_api.get_by_id(id)
        assert (found.state, found.metadata.counters["CREATED_OBJECTS"]) == ("DONE", 1)
        assert [error.error_type for error in api.public_imports_api.get_errors(id).results] == ["INVALID_EMAIL"]


@given(content=st.binary(max_size=60), kind=st.text(max_size=40))
def test_no_upload_breaks_the_server(content: bytes, kind: str) -> None:
    """Whatever the body and its boundary, no 5xx (W2.7.9)."""
    headers = {"authorization": "Bearer x", "content-type": f"multipart/form-data; boundary=x{kind}"}
    account = Portal()
    for sent in (content, body(content, content), body(request(EMAIL), content)):
        assert Api(account).handle(Request("POST", IMPORTS, "", headers, sent)).status < 500
    account.clock.advance("1h")
