"""The body of a request as a JSON object with a type, or the refusal it deserves."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import orjson
from aiohttp import web

Json = Mapping[str, Any]

LARGEST_BODY = 256 * 1024
DEEPEST = 64
READ_SECONDS = 10.0


async def read_body(request: web.Request) -> Json:
    """Read an activity; raises 400, 408, 413 or 415."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send application/json")
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await _read(request)
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body did not come in time") from None
    try:
        wire: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
    if not isinstance(wire, dict) or not isinstance(cast("Json", wire).get("type"), str):
        raise web.HTTPBadRequest(text="the body is no activity: an object with a type")
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
