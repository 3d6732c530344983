"""The check of web addresses is not led into the city's own network, whatever records and servers say."""

from types import SimpleNamespace

import pytest

from philoxenia_web.directory.links import actions
from philoxenia_web.directory.links.checking import Found, check
from philoxenia_web.directory.models import CheckedLink
from philoxenia_web.outside.asking import Reply
from philoxenia_web.outside.guard import Refused, Target, is_public, target

PUBLIC = "93.184.216.34"
State = CheckedLink.State


def public(_host: str) -> list[str]:
    return [PUBLIC]


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        "0.0.0.0",  # noqa: S104 (not bound to)
        *("255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *(
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1:7f00:0:100:808:808",
            "2002:7f00:1::",
            "2001:0:a00:1::",
            "fe80::1%eth0",
            "not an ip",
        ),
    ],
)
def test_no_inner_address_counts_as_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_of_the_internet_are_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "javascript:alert(1)",
            "example.org",
        ),
        *(
            "http://localhost/",
            "http://intranet/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
        ),
        *("http://example.org:22/", "http://example.org:8000/", "https://example.org:80/", "http:///x"),
        *("http://user:word@example.org/", "http://example.org\\@127.0.0.1/", "http://[::1]/"),
        *(
            "http://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://exa\nmple.org/",
            "http://[",
        ),
        "http://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_public_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        target(address, public)


def test_a_name_that_stands_for_one_inner_address_among_others_is_refused() -> None:
    with pytest.raises(Refused):
        target("http://example.org/", lambda _host: [PUBLIC, "10.0.0.1"])


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    asked: list[Target] = []

    def fetched(checked: Target, _seconds: float) -> Reply:
        asked.append(checked)
        return Reply(200)

    assert check("https://example.org/a?b=1#c", lambda _host: next(answers), fetched).state == State.GOOD
    assert [(one.ip, one.host, one.port, one.path) for one in asked] == [
        (PUBLIC, "example.org", 443, "/a?b=1")
    ]


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1/", "//169.254.169.254/", "file:///etc/passwd", "http://inner.example.org/"]
)
def test_a_redirect_into_the_inner_network_is_not_followed(location: str) -> None:
    asked: list[str] = []

    def fetched(checked: Target, _seconds: float) -> Reply:
        asked.append(checked.host)
        return Reply(302, location)

    def resolved(host: str) -> list[str]:
        return ["10.0.0.7"] if host.startswith("inner") else [PUBLIC]

    assert check("http://example.org/", resolved, fetched).state == State.REFUSED
    assert asked == ["example.org"]


@pytest.mark.parametrize(
    ("replies", "state", "goes_to"),
    [
        ([Reply(200)], State.GOOD, ""),
        ([Reply(403)], State.GOOD, ""),
        ([Reply(404)], State.BROKEN, ""),
        ([Reply(410)], State.BROKEN, ""),
        ([Reply(503)], State.SILENT, ""),
        ([Reply(302, "/b"), Reply(200)], State.GOOD, ""),
        ([Reply(301, "https://example.com/new"), Reply(200)], State.MOVED, "https://example.com/new"),
        ([Reply(302, "/again")] * 9, State.BROKEN, ""),
    ],
)
def test_what_answers_mean(replies: list[Reply], state: State, goes_to: str) -> None:
    left = iter(replies)
    found = check("http://example.org/", public, lambda _target, _seconds: next(left))
    assert (found.state, found.goes_to) == (state, goes_to)


def test_silence_is_no_proof() -> None:
    def silent(_target: Target, _seconds: float) -> Reply:
        raise TimeoutError

    assert check("http://example.org/", public, silent).state == State.SILENT


def test_addresses_of_shown_records_are_asked_and_failures_counted(records: SimpleNamespace) -> None:
    records.lessons.url = "https://example.org/lessons"
    records.lessons.save()
    records.withheld.url = "https://example.org/secret"
    records.withheld.save()
    asked: list[str] = []

    def broken(address: str) -> Found:
        asked.append(address)
        return Found(State.BROKEN, 404, said="There is no such page.")

    assert actions.check_due(broken) == 2
    assert sorted(asked) == ["https://example.org/lessons", "https://example.org/times"]
    assert actions.check_due(broken) == 0, "what was just asked is not due"
    assert set(CheckedLink.objects.values_list("state", "failures")) == {("broken", 1)}
    records.lessons.url = ""
    records.lessons.save()
    actions.gather()
    assert CheckedLink.objects.count() == 1
