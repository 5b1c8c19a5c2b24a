"""What the SDK raises, said in our words; the service's own text is redacted first.

ARM answers `{"error": {"code", "message"}}`, sometimes flat, sometimes HTML; `error.model` is
empty for mapped statuses, so the body is read here.
"""

from typing import Any, cast

import orjson
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from adf.errors import AdfError, Forbidden, NotFound, Rejected, Throttled, Unavailable
from adf.redaction import redact


def translated(error: AzureError, asked: str) -> AdfError:
    """Turn an SDK error into ours: by status where the service answered, else by what it is."""
    response = cast("Any", error.response) if isinstance(error, HttpResponseError) else None
    if response is None:
        return _without_answer(error, asked)
    status = int(response.status_code)
    code, said = _words(response)
    if status == 404:
        return NotFound(said, asked=asked, code=code, status=status)
    if status == 429:
        return Throttled(said, asked=asked, code=code, retry_after=_retry_after(response))
    kind = Forbidden if status in {401, 403} else Rejected if status < 500 else Unavailable
    return kind(said, asked=asked, code=code, status=status)


def _without_answer(error: AzureError, asked: str) -> AdfError:
    said = (redact(error.message).splitlines() or [type(error).__name__])[0]
    if isinstance(error, ClientAuthenticationError):
        return Forbidden(said, asked=asked, status=401)
    return Unavailable(said, asked=asked)


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
    code = redact(detail["code"]) if detail.get("code") else None
    return code, redact(detail.get("message") or nothing)


def _retry_after(response: Any) -> float | None:  # noqa: ANN401
    try:
        return max(0.0, float(response.headers.get("Retry-After", "")))
    except ValueError:
        return None
