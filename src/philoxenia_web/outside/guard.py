"""Which addresses that somebody else wrote may be opened: never one inside our own network (SSRF).

Only http and https on their ports; every address a name stands for must be public. `asking` connects to the
very address that was checked, so that a name cannot change its mind between check and use.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.utils.translation import gettext_noop as _

_PORTS = {"http": 80, "https": 443}
# A range that wraps an IPv4 address in its last bits (RFC 6052): what it wraps is what is reached.
_WRAPPING = ipaddress.IPv6Network("64:ff9b::/96")
# Never anybody's on the internet, though Python's tables call them global: protocol assignments, where some
# clouds answer for themselves (RFC 6890), addresses of a site (RFC 3879), local translation (RFC 8215).
_INNER = (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv6Network("fec0::/10"),
    ipaddress.IPv6Network("64:ff9b:1::/48"),
)
_LONGEST = 2000
Resolve = Callable[[str], Sequence[str]]


class Refused(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """An address that is not opened; the message says why."""


@dataclass(frozen=True)
class Target:
    """A checked address: what to ask for, and the IP address to ask."""

    scheme: str
    host: str
    ip: str
    path: str

    @property
    def port(self) -> int:
        """The port of the scheme."""
        return _PORTS[self.scheme]


def resolve(host: str) -> list[str]:
    """Every address a name stands for. Raises `OSError` where there is none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def target(address: str, resolved: Resolve = resolve) -> Target:
    """Check an address. Raises `Refused`, or `OSError` where its name stands for nothing."""
    parts = _split(address)
    host = _host(parts)
    found = [host] if _is_ip(host) else list(resolved(host))
    if not found:
        raise OSError(f"{host} stands for no address")
    for ip in found:
        if not is_public(ip):
            raise Refused(_("The address lies in a network that is not public."))
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    quoted = "".join(one if 32 < ord(one) < 127 else _escaped(one) for one in path)
    return Target(parts.scheme, host, found[0], quoted)


def check_written(address: str) -> None:
    """Raise `Refused` for an address that would never be opened, without asking what its name stands for."""
    host = _host(_split(address))
    if _is_ip(host) and not is_public(host):
        raise Refused(_("The address lies in a network that is not public."))


def _escaped(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "surrogatepass"))


def _split(address: str) -> SplitResult:
    if len(address) > _LONGEST or any(ord(one) < 32 or ord(one) == 127 for one in address):
        raise Refused(_("The address is too long or holds signs that no address has."))
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as fault:
        raise Refused(_("This is no address of the web.")) from fault
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refused(_("Only addresses with http:// or https:// are opened."))
    if port not in (None, _PORTS[parts.scheme]):
        raise Refused(_("Only the usual ports of the web are opened."))
    if parts.username is not None or parts.password is not None or "\\" in address:
        raise Refused(_("Addresses with a name and password in them are not opened."))
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if _is_ip(host):
        return host
    try:
        plain = host.encode("idna").decode("ascii").lower()
    except UnicodeError as fault:
        raise Refused(_("This is no name of a computer.")) from fault
    last = plain.rsplit(".", 1)[-1]
    # 127.1, 0x7f.1 and 2130706433 are addresses to some systems and names to none.
    if "." not in plain or last.isdigit() or last.startswith("0x"):
        raise Refused(_("This is no name of a computer on the web."))
    return plain


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(ip: str) -> bool:
    """Whether an IP address is one that anybody on the internet may have, what it wraps included."""
    try:
        parsed = ipaddress.ip_address(ip.split("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or _wrapped(parsed)
        if parsed.teredo is not None:
            return False
        if inner is not None:
            return is_public(str(inner))
    if any(parsed in network for network in _INNER):
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


def _wrapped(parsed: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(parsed) & (2**32 - 1)) if parsed in _WRAPPING else None
