"""How a broken answer looks on the wire: refused in ARM's own words, as HTML, late, cut off."""

import asyncio
import re

from aiohttp import web

from adf.simulator.arm.protocol import ArmError, error_answer

_STEP = 0.02
_CODES = {
    400: "BadRequest",
    401: "ExpiredAuthenticationToken",
    403: "AuthorizationFailed",
    404: "ResourceNotFound",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
_WORDS = {
    401: "The access token expiry is in the past.",
    429: "The request is being throttled.",
    500: "An internal server error occurred. Please try again.",
    503: "The service is temporarily unavailable.",
    504: "The gateway did not receive a response within the specified time period.",
}
_PAGE = (
    "<!DOCTYPE html><html><head><title>{title}</title></head>"
    "<body><h1>{title}</h1><p>Our services aren't available right now.</p></body></html>"
)
_NOT_ALLOWED = (
    "The client '{client}' with object id '{client}' does not have authorization to perform action"
    " 'Microsoft.DataFactory/{action}' over scope '{scope}' or the scope is invalid. If access was"
    " recently granted, please refresh your credentials."
)
_FACTORY = re.compile(r"(?i)(.*/providers/Microsoft\.DataFactory/factories/[^/]+)(.*)")
_CLIENT = "5d0f2c2e-6a1e-4a55-9a43-2f8b6d1c7e90"


def refusal(
    request: web.Request, status: int, code: str | None, message: str | None, *, html: bool
) -> web.Response:
    """An error body as ARM writes it for this request, or a gateway's page."""
    name = code or _CODES.get(status, "Error")
    if html:
        page = message or _PAGE.format(title=f"{status} {name}")
        return web.Response(text=page, status=status, content_type="text/html")
    return error_answer(ArmError(status, name, message or _said(request, status)))


async def after_a_while(request: web.Request, seconds: float) -> None:
    """Wait, no longer than anybody waits for the answer."""
    ends = asyncio.get_running_loop().time() + seconds
    while (left := ends - asyncio.get_running_loop().time()) > 0:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(min(left, _STEP))


async def cut_off(request: web.Request, *, after_headers: bool) -> web.StreamResponse:
    """Close the connection before a word, or in the middle of the body that was promised."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    answer.content_length = 1000
    if after_headers:
        await answer.prepare(request)
        await answer.write(b'{"value": [')
    if request.transport:
        request.transport.close()
    return answer


def _said(request: web.Request, status: int) -> str:
    if status == 403:
        scope, rest = _parts(request.path)
        action = _action(rest, request.method)
        return _NOT_ALLOWED.format(client=_CLIENT, action=action, scope=scope)
    if status == 404:
        scope, _ = _parts(request.path)
        name = scope.rpartition("/")[2]
        return f"The Resource 'Microsoft.DataFactory/factories/{name}' was not found."
    return _WORDS.get(status, f"The service answered {status}.")


def _parts(path: str) -> tuple[str, str]:
    found = _FACTORY.fullmatch(path)
    return (found.group(1), found.group(2)) if found else (path, "")


def _action(rest: str, method: str) -> str:
    """The operation as roles name it: names left out, `read` for a GET, `action` for a POST."""
    kinds = [part.lower() for part in rest.strip("/").split("/") if part]
    kept = [kind for place, kind in enumerate(kinds) if place != 1]
    return "/".join(["factories", *kept, "read" if method == "GET" else "action"])
