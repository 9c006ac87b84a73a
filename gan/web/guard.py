"""What every request passes first, and what every answer carries.

A page on another site can make a browser send requests to this server. Three checks keep such requests out:

* `Host` must be an address of this machine, not a name: a site whose name is made to resolve to 127.0.0.1 (DNS
  rebinding) still sends its own name here;
* `Origin`, where the browser sends it, must be this server's own;
* `Sec-Fetch-Site`, which every current browser sends, must not say that another site asks, unless a person follows
  a link.

The content security policy lets a page load from this server and from nowhere else, and run no inline script.
"""

import asyncio
import ipaddress
import logging
import re
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gan.web.answers import answer

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
METHODS = ("GET", "HEAD", "POST")
HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-fA-F:.]+)\]|(?P<name>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")
"""A name or an address, and a port: no user, no zone, no path."""
logger = logging.getLogger(__name__)


class Guard:
    """ASGI middleware around the application.

    Args:
        app: the application.
        names: host names that are this machine's, besides its addresses.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        # nobody needs parts of so small files, and FileResponse refuses wrong ranges without a sentence
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"range"]}
        status, fault = self.fault(scope["method"], Headers(scope=scope))
        app = self.app if status == 200 else answer({"error": fault}, status)
        try:
            await app(scope, receive, send_with_headers)
        except asyncio.CancelledError:  # the server was told to stop, and waits no longer
            failed = answer({"error": "the server is stopping"}, 503)
        except Exception:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            failed = answer({"error": "the server failed; its terminal says where"}, 500)
        else:
            return
        if not started:
            await failed(scope, receive, send_with_headers)

    def fault(self, method: str, headers: Headers) -> tuple[int, str]:
        """200 and nothing, or the status of the refusal and its sentence."""
        host = headers.get("host", "")
        if method not in METHODS:
            return 405, f"the method must be one of {', '.join(METHODS)}"
        if not self.is_own(host):
            return 421, "the Host header must be an address of this machine, such as 127.0.0.1 or localhost"
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
            return 403, "the request comes from another site, and only this server's own pages may make requests"
        follows_link = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
        follows_link = follows_link and headers.get("sec-fetch-dest") == "document"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not follows_link:
            return 403, "the request comes from another site, and only this server's own pages may make requests"
        return 200, ""

    def is_own(self, host: str) -> bool:
        """Whether a Host header names this machine. The port may be another one: a tunnel has its own."""
        parts = HOST.fullmatch(host)
        if parts is None or int(parts["port"] or 0) > 65535:
            return False
        if parts["name"] and parts["name"].lower() in self.names:
            return True
        try:
            ipaddress.IPv6Address(parts["ipv6"]) if parts["ipv6"] else ipaddress.IPv4Address(parts["name"])
        except ValueError:
            return False
        return True


def own_names(host: str) -> set[str]:
    """The names under which a server bound to `host` may be asked: an address cannot be rebound, a name can."""
    names = {"localhost", host}
    return names if is_loopback(host) else names | {socket.gethostname(), socket.getfqdn()}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that is bound to `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
