"""`hubtwin pull`: a portal file out of a served portal, or out of whatever speaks HubSpot's API."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal

RICH = Path(__file__).parents[1] / "pulling" / "rich.portal.yaml"

Serve = Callable[[bytes], str]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as somebody would who works in a folder; nobody's own token is used."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A portal with something of everything, on a socket."""
    with LocalPortal(RICH) as portal:
        yield portal.url


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves one and the same answer, whatever is asked."""
    servers: list[tuple[HTTPServer, Thread]] = []

    def start(body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815  the name is http.server's

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(hubtwin, arguments)


def test_a_served_portal(url: str) -> None:
    """The file that comes out of it holds, and a portal made of it gives the same file."""
    result = run("pull", url, "-o", "a.portal.yaml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "a.portal.yaml is the portal. Check it: hubtwin portal check a.portal.yaml\n"
    assert run("portal", "check", "a.portal.yaml", "--strict").output == "1 file: 0 errors, 0 warnings\n"
    with LocalPortal("a.portal.yaml") as copy:
        again = run("pull", copy.url).stdout
    first, *rest = Path("a.portal.yaml").read_text().splitlines()
    assert first == f"# Pulled from {url}, account 4711."
    assert again.splitlines()[1:] == rest


def test_it_goes_to_stdout(url: str) -> None:
    """The file, and nothing else."""
    result = run("pull", url)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\nstages:\n  - {id: subscriber, label: Subscriber}\n" in result.stdout


def test_a_file_that_exists(url: str) -> None:
    """It isn't overwritten by mistake."""
    Path("a.yaml").write_text("{}\n")
    result = run("pull", url, "-o", "a.yaml")
    assert (result.exit_code, Path("a.yaml").read_text()) == (2, "{}\n")
    assert "a.yaml exists already; choose another name, or overwrite it with --force" in result.stderr
    assert run("pull", url, "-o", "a.yaml", "--force").exit_code == 0
    assert Path("a.yaml").read_text().startswith("# Pulled from")


def test_a_folder_that_is_not_there(url: str) -> None:
    """The error names the file, and nothing is left behind."""
    result = run("pull", url, "-o", "nowhere/a.yaml")
    assert (result.exit_code, result.stderr) == (1, "Error: can't write nowhere/a.yaml: No such file or directory\n")


def test_a_token_with_few_scopes() -> None:
    """The exit code is 0, and what is missing is said; the token itself is nowhere."""
    token = "pat-eu1-secret"  # noqa: S105  of this portal alone
    apps = [{"name": "reader", "token": token, "scopes": ["forms"]}]
    with LocalPortal({"apps": apps, "forms": [{"name": "Demo"}], "options": {"unknown_tokens": "refused"}}) as portal:
        result = run("pull", portal.url, "--token", token, "-o", "a.yaml")
        refused = run("pull", portal.url, "--token", "pat-eu1-other")
    text = Path("a.yaml").read_text()
    assert (result.exit_code, "forms:\n  - {name: Demo}" in text) == (0, True)
    assert "warning: custom objects: the token needs the scope crm.schemas.custom.read" in result.stderr
    assert token not in text + result.output + result.stderr
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Error: the token opens nothing: ")


def test_the_token_is_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """HubSpot's own name for it, so that it needn't stand in the command."""
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "t-1")
    apps = [{"name": "a", "token": "t-1"}]
    with LocalPortal({"apps": apps, "options": {"unknown_tokens": "refused"}}) as portal:
        assert run("pull", portal.url).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://api.hubapi.com"], "the portal needs a token: set HUBSPOT_ACCESS_TOKEN, or give --token"),
        (["http://api.hubapi.com", "--token", "t"], "would show the token to everybody on the way; write https"),
        (["api.hubapi.com", "--token", "t"], "is not the URL of a portal, such as https://api.hubapi.com"),
        (["https://api.hubapi.com", "--token", "a b"], "the token is none"),
        ([], "Missing argument 'URL'"),
    ],
)
def test_what_is_never_asked(arguments: list[str], words: str) -> None:
    """Bad usage is exit code 2."""
    result = run("pull", *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True)


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b'{"results": [{"na', b"{}", b""])
def test_another_server(serve: Serve, body: bytes) -> None:
    """Nothing can be read: exit code 2, a reason, and no file."""
    result = run("pull", serve(body), "-o", "a.yaml")
    assert (result.exit_code, list(Path().iterdir())) == (2, [])
    assert result.stderr.startswith("Error: nothing could be read. ")


def test_pages_without_end(serve: Serve) -> None:
    """They are given up, and so is what they are about; no part comes of it, so no file."""
    result = run("pull", serve(b'{"results": [], "paging": {"next": {"after": "1"}}}'), "-o", "a.yaml")
    assert (result.exit_code, Path("a.yaml").exists()) == (0, True)
    assert "pages without end; page '1' came before" in result.stderr


def test_nobody_answers() -> None:
    """The error names the host."""
    result = run("pull", "http://127.0.0.1:1", "-o", "a.yaml")
    assert (result.exit_code, list(Path().iterdir())) == (2, [])
    assert result.stderr.startswith("Error: 127.0.0.1:1 gives no answer: ")
