"""Requests of other sites are refused."""

import socket

import pytest
from starlette.datastructures import Headers
from starlette.routing import Router

from gan.web.guard import Guard, is_loopback, own_names

HERE = Guard(Router(), own_names("127.0.0.1"))
OPEN = Guard(Router(), own_names("0.0.0.0"))


def status(guard: Guard, method: str = "GET", **headers: str) -> int:
    """Of a request with these headers."""
    named = {name.replace("_", "-"): value for name, value in ({"host": "127.0.0.1:8000"} | headers).items()}
    return guard.fault(method, Headers(named))[0]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:80", "[::1]", "127.0.0.1:9"])
def test_this_machine(host: str) -> None:
    assert status(HERE, host=host) == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "a:b"])
def test_a_name_that_was_made_to_resolve_here(host: str) -> None:
    assert status(HERE, host=host) == 421
    assert status(OPEN, host=host) == 421


@pytest.mark.parametrize(
    "host",
    [
        *("user@127.0.0.1", "user:word@localhost:8000", "evil.example@127.0.0.1", "127.0.0.1@evil.example"),
        *("127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:+80", "127.0.0.1: 80", "127.0.0.1:8_0", "127.0.0.1:\xb2"),
        *("127.0.0.1/evil", "127.0.0.1?evil", "127.0.0.1#evil", "127.0.0.1\\evil", "localhost/evil:8000"),
        *("[::1%eth0]", "[::1%25eth0]:8000", "[::1", "::1", "[::1]evil", "evil[::1]", "[127.0.0.1]", "[localhost]"),
        *("127.0.0.1.", "localhost.", "", " 127.0.0.1", "127.0.0.1 ", "local\thost", "127.0.0.1,evil.example"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.01", "[v1.x]"),
    ],
)
def test_only_a_plain_name_or_address_with_a_port(host: str) -> None:
    assert status(HERE, host=host) == 421
    assert status(OPEN, host=host) == 421


def test_bound_to_every_address_its_own_name_counts() -> None:
    assert status(OPEN, host=f"{socket.gethostname()}:8000") == 200
    assert status(OPEN, host="192.168.1.7:8000") == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9000", "http://localhost:8000"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin(origin: str, method: str) -> None:
    assert status(HERE, method, origin=origin) == 403


def test_its_own_pages() -> None:
    assert status(HERE, "POST", origin="http://127.0.0.1:8000", sec_fetch_site="same-origin") == 200
    assert status(HERE, "POST") == 200  # no browser, which could be led astray


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_picture_on_another_page_is_refused_and_a_link_is_not(site: str) -> None:
    picture = {"sec_fetch_site": site, "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"}
    link = {"sec_fetch_site": site, "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert status(HERE, **picture) == 403
    assert status(HERE, **link) == 200
    assert status(HERE, **(link | {"sec_fetch_dest": "iframe"})) == 403
    assert status(HERE, **(link | {"sec_fetch_mode": "no-cors"})) == 403
    assert status(HERE, "POST", **link) == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods(method: str) -> None:
    assert status(HERE, method) == 405


def test_loopback() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost")] == [True, True, True]
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "192.168.0.1", "example.org")] == [False] * 4
