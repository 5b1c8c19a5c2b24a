"""What strangers send over HTTP: JSON of a bounded size and depth, read within a bounded time."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

LARGEST_BODY = 256 * 1024
DEEPEST = 64
READ_SECONDS = 10.0
# Bad gzip or deflate, a wrong chunk, or a sender that has gone.
_BROKEN_BODY = (web.RequestPayloadError, HttpProcessingError, aiohttp.ClientError, ConnectionError)
Json = Mapping[str, Any]


async def read_raw(request: web.Request) -> bytes:
    """Read a body of JSON; raises 400, 408, 413 or 415."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send application/json")
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await _read(request)
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body did not come in time") from None
    except _BROKEN_BODY:
        raise web.HTTPBadRequest(text="the body is broken or not encoded as it says") from None


def object_in(raw: bytes) -> Json:
    """The object that a body is; raises 400."""
    try:
        wire: object = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
    if not isinstance(wire, dict):
        raise web.HTTPBadRequest(text="the body is no object")
    if _is_deeper(cast("Json", wire), DEEPEST):
        raise web.HTTPBadRequest(text="the body is nested too deeply")
    return cast("Json", wire)


async def _read(request: web.Request) -> bytes:
    """At most one byte more than is allowed, also of what was compressed on its way."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, request.content_length or 0)
    body = bytearray()
    while part := await request.content.read(LARGEST_BODY + 1 - len(body)):
        body += part
    if len(body) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, len(body))
    return bytes(body)


def _is_deeper(wire: object, limit: int) -> bool:
    """Whether JSON has more levels than that: deep data breaks whoever walks or stores it."""
    level = [wire]
    for _ in range(limit):
        level = [part for one in level for part in _parts(one)]
        if not level:
            return False
    return True


def _parts(wire: object) -> list[object]:
    """The objects and lists right inside an object or a list."""
    if isinstance(wire, dict):
        inside = list(cast("dict[str, object]", wire).values())
    else:
        inside = cast("list[object]", wire)
    return [one for one in inside if isinstance(one, dict | list)]
