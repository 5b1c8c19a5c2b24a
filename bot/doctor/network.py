"""Examines what the bot must reach, and whether its clock agrees with the service's."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn, wrong

# Entra takes a token as valid for five minutes around its times.
TOO_FAR = timedelta(minutes=5)
FAR = timedelta(minutes=1)
_CLOCK_FIX = "turn on time synchronization (timedatectl set-ntp true, or the host's own)"


async def examine_network(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """Each address by a request to it; the clock by the latest date that came back."""
    answers = await asyncio.gather(*(_reach(name, url, ways) for name, url in _places(it)))
    dates = [date for _, date in answers if date is not None]
    clock = [_clock(ways.now(), max(dates))] if dates else []
    return [*(finding for finding, _ in answers), *clock]


def _places(it: DoctorInput) -> Sequence[tuple[str, str]]:
    places = [("Azure Resource Manager", it.arm_url)]
    if it.identity is not None and not it.identity.local:
        places.append(("Microsoft Entra sign-in", it.identity.endpoints.authority))
    return places


async def _reach(name: str, url: str, ways: Connections) -> tuple[Finding, datetime | None]:
    parts = urlsplit(url)
    host, port = parts.hostname or url, parts.port or (443 if parts.scheme == "https" else 80)
    what = f"network: {name}"
    try:
        async with (
            asyncio.timeout(ways.limit),
            ways.session.get(url, allow_redirects=False) as answer,
        ):
            return ok(what, f"{host} answers"), _date(answer.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        said, fix = _plain(error, host, port, ways.limit)
        return wrong(what, said, fix, Fixer.NETWORK), None


def _plain(error: Exception, host: str, port: int, limit: float) -> tuple[str, str]:
    """What stands in the way, in words, with what to ask the network's people for."""
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return f"{host} can't be resolved", "check DNS from where the bot runs"
    if isinstance(error, aiohttp.ClientSSLError):
        fix = "exempt it from TLS inspection, or add your own CA to the image (SSL_CERT_FILE)"
        return f"the certificate of {host} is not trusted", fix
    if isinstance(error, TimeoutError):
        return f"{host} does not answer within {limit:g} s", f"open {host}, port {port}, outbound"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{host} refuses the connection", f"open {host}, port {port}, outbound"
    return (
        f"{host} closed the connection: {type(error).__name__}",
        f"check for a proxy in front of {host}",
    )


def _clock(ours: datetime, theirs: datetime) -> Finding:
    gap = abs(ours - theirs)
    side = "ahead of" if ours > theirs else "behind"
    said = f"{round(gap.total_seconds())} s {side} the service's"
    if gap > TOO_FAR:
        return wrong("clock", f"{said}: tokens will be rejected", _CLOCK_FIX)
    if gap > FAR:
        return warn("clock", said, _CLOCK_FIX)
    return ok("clock", "agrees with the service's")


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None
