"""What the SDK raises, said in our words; the service's own text is redacted first.

ARM answers `{"error": {"code", "message"}}`, sometimes flat, sometimes HTML; `error.model` is
empty for mapped statuses, so the body is read here.
"""

import re
from collections.abc import Iterator
from typing import Any, cast

import aiohttp
import orjson
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
)

from adf.errors import AdfError, Forbidden, NotFound, Reach, Rejected, Throttled, Unavailable
from adf.redaction import redact

_ACTION = re.compile(r"perform action '(?P<action>[\w./*]{1,200})'")
_RESOURCE = re.compile(r"(?i)Microsoft\.DataFactory/factories/[^/\s'\"]+(?P<below>/[a-z]+)?")
_LONGEST = 8 * 1024
_MISSING = {
    "subscriptionnotfound": "subscription",
    "invalidsubscriptionid": "subscription",
    "resourcegroupnotfound": "resource group",
    "pipelinerunnotfound": "run",
    "referencedpipelinerunnotfound": "run",
}

_KINDS: tuple[tuple[type[BaseException], Reach], ...] = (
    (aiohttp.ClientConnectorDNSError, Reach.NAME),
    (aiohttp.ClientSSLError, Reach.TRUST),
    (aiohttp.ClientConnectorError, Reach.NOBODY),
    (ServiceRequestTimeoutError, Reach.SILENCE),
    (ServiceResponseTimeoutError, Reach.SILENCE),
    (IncompleteReadError, Reach.CUT),
    (aiohttp.ServerDisconnectedError, Reach.CUT),
    (aiohttp.ClientPayloadError, Reach.CUT),
    (aiohttp.ClientOSError, Reach.CUT),
)


def translated(error: AzureError, asked: str) -> AdfError:
    """Turn an SDK error into ours: by status where the service answered, else by what it is."""
    response = cast("Any", error.response) if isinstance(error, HttpResponseError) else None
    if response is None or isinstance(error, IncompleteReadError):
        return _without_answer(error, asked)
    status = int(response.status_code)
    code, said = _words(response)
    if status == 404 or (code or "").lower() in _MISSING:
        return NotFound(said, asked=asked, code=code, status=status, what=_missing(code, said))
    if status == 429:
        return Throttled(said, asked=asked, code=code, retry_after=_retry_after(response))
    if status in {401, 403}:
        return Forbidden(said, asked=asked, code=code, status=status, action=_action(said))
    kind = Rejected if status < 500 else Unavailable
    return kind(said, asked=asked, code=code, status=status)


def _without_answer(error: AzureError, asked: str) -> AdfError:
    said = (redact(error.message[:_LONGEST]).splitlines() or [type(error).__name__])[0]
    if isinstance(error, ClientAuthenticationError):
        return Forbidden(said, asked=asked, status=401)
    return Unavailable(said, asked=asked, reach=reach_of(error))


def reach_of(error: AzureError) -> Reach:
    """Where the way ended: by the first thing known among what caused the error."""
    causes = tuple(causes_of(error))
    found = (reach for one in causes for kind, reach in _KINDS if isinstance(one, kind))
    return next(found, Reach.NOBODY)


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or cast("Any", error).__dict__.get("inner_exception")


def _missing(code: str | None, said: str) -> str:
    """What does not exist, from the code, else from the resource that the message names."""
    known = _MISSING.get((code or "").lower())
    named = _RESOURCE.search(said)
    if known or named is None:
        return known or ""
    below = (named["below"] or "").strip("/").lower()
    return {"": "factory", "pipelines": "pipeline", "pipelineruns": "run"}.get(below, "")


def _action(said: str) -> str | None:
    named = _ACTION.search(said)
    return named["action"] if named else None


def _words(response: Any) -> tuple[str | None, str]:  # noqa: ANN401 - the SDK's own type is unknown
    """Code and message of the body; the bare status for HTML and other nonsense."""
    nothing = f"HTTP {response.status_code} without an explanation"
    try:
        body: object = orjson.loads(response.body())
    except (orjson.JSONDecodeError, RuntimeError):
        return None, nothing
    outer = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    inner: object = outer.get("error", outer)
    detail = cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}
    code = redact(str(detail["code"])[:_LONGEST]) if detail.get("code") else None
    return code, redact(str(detail.get("message") or nothing)[:_LONGEST])


def _retry_after(response: Any) -> float | None:  # noqa: ANN401 - as above
    try:
        return max(0.0, float(response.headers.get("Retry-After", "")))
    except ValueError:
        return None
