"""A token endpoint as managed identities have it, so that azure-identity can sign in here."""

import re
import time
import uuid

from aiohttp import web

from adf.simulator.arm.protocol import json_answer

PATH = "/msi/token"
_VERSION = "2019-08-01"
_LIFETIME_SECONDS = 3600
_OWN = re.compile(r"simulator/(.+)/[0-9a-f-]{36}")
_NOBODY = str(uuid.UUID(int=0))


def identity_of(token: str) -> str:
    """The client id that a token was made for; a token from elsewhere stands for itself."""
    found = _OWN.fullmatch(token)
    return found[1] if found else token


def token_routes() -> list[web.RouteDef]:
    """The route that hands out tokens."""
    return [web.get(PATH, _get_token)]


async def _get_token(request: web.Request) -> web.Response:
    resource = request.query.get("resource")
    if not request.headers.get("X-IDENTITY-HEADER"):
        return _refused(401, "unauthorized", "The X-IDENTITY-HEADER header is missing.")
    if request.query.get("api-version") != _VERSION or not resource:
        return _refused(400, "bad_request", f"resource and api-version={_VERSION} are required.")
    client = request.query.get("client_id") or _NOBODY
    # Tokens expire by the caller's own clock, whatever the factory's clock says.
    expires = int(time.time()) + _LIFETIME_SECONDS
    return json_answer(
        {
            "access_token": f"simulator/{client}/{uuid.uuid4()}",
            "expires_on": str(expires),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": client,
        }
    )


def _refused(status: int, error: str, description: str) -> web.Response:
    return json_answer({"error": error, "error_description": description}, status)
