"""The pytest plugin, as the tests of another project use it."""

import pytest

APPLICATION = """
    import requests

    def add_contact(email):
        url = "https://api.hubapi.com/crm/v3/objects/contacts"
        body = {"properties": {"email": email}}
        requests.post(url, json=body, headers={"Authorization": "Bearer secret"}).raise_for_status()
"""

TESTS = """
    import pytest
    import application

    @pytest.mark.parametrize("number", range(6))
    def test_application(portal, number):
        application.add_contact("ada@example.com")
        assert repr(portal) == "<Portal 1: 1 contacts>"
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with an application that knows nothing of the portal."""
    pytester.makepyfile(application=APPLICATION)
    pytester.makeini("[pytest]\naddopts = -W error -p no:cacheprovider\npythonpath = .\n")
    return pytester


def test_every_test_has_a_portal_of_its_own(project: pytest.Pytester) -> None:
    """The fixture needs no set-up; each test gets an empty portal, in whichever of several processes it runs."""
    project.makepyfile(TESTS)
    project.runpytest_subprocess("-n", "2").assert_outcomes(passed=6)


def test_everything_is_closed_afterwards(project: pytest.Pytester) -> None:
    """After a test no thread, socket or detour is left."""
    project.makepyfile(
        """
        import threading
        import requests
        from urllib3 import HTTPConnectionPool

        before = HTTPConnectionPool.urlopen
        seen = []

        def test_served(portal):
            seen.append(requests.get(portal.url + "/_twin/health").json()["portal"])

        def test_afterwards():
            assert seen == [1]
            assert threading.active_count() == 1
            assert HTTPConnectionPool.urlopen is before
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=2)


CONFIGURED = """
    from pathlib import Path
    import pytest
    from hubtwin.portal.configuration import Account, Configuration

    @pytest.fixture
    def portal_start():
        return "2027-01-01T08:00:00Z"

    @pytest.fixture(params=[
        {"account": {"id": 7}}, "portal.yaml", Path("portal.yaml"), Configuration(account=Account(id=7))
    ])
    def portal_configuration(request):
        return request.param

    def test_portal(portal):
        assert portal.configuration.account.id == 7
        assert repr(portal.clock) == "<Clock 2027-01-01T08:00:00Z>"
"""


def test_another_configuration(project: pytest.Pytester) -> None:
    """A project chooses its portal by redefining two fixtures. It may name the plugin, too."""
    project.makefile(".yaml", portal="account: {id: 7}")
    project.makepyfile(CONFIGURED)
    project.runpytest_subprocess("-p", "hubtwin.pytest_plugin").assert_outcomes(passed=4)


def test_a_configuration_that_does_not_hold(project: pytest.Pytester) -> None:
    """A mistake in the portal file is an error that names file, line and choices."""
    project.makefile(".yaml", portal="account:\n  idd: 7")
    project.makepyfile(
        """
        import pytest

        @pytest.fixture
        def portal_configuration():
            return "portal.yaml"

        def test_portal(portal):
            pass
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*portal.yaml:2  account: unknown key 'idd'*did you mean 'id'?")


#: What a portal needs, and what its clients need.
COSTLY = {"httpx", "hubspot", "orjson", "pydantic", "requests", "simpy", "starlette", "urllib3", "uvicorn", "yaml"}

#: The plugins of others, which import what they like.
OTHERS = ("anyio", "benchmark", "faker", "hypothesispytest", "xdist", "xdist.looponfail")

CONFTEST = f"""
    import sys

    def pytest_unconfigure(config):
        print()
        print("plugin:", config.pluginmanager.has_plugin("hubtwin.pytest_plugin"))
        print("imported:", sorted({COSTLY} & set(sys.modules)))
"""


def test_nothing_is_imported_until_it_is_used(project: pytest.Pytester) -> None:
    """A run without a portal imports none of the libraries that a portal needs."""
    project.makeconftest(CONFTEST)
    result = project.runpytest_subprocess(*(f"-pno:{name}" for name in OTHERS))
    result.stdout.fnmatch_lines(["plugin: True", "imported: [[][]]"])
