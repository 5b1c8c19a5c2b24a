"""Who may call over HTTP: 401 without a valid token, 403 without a role, 503 without signing keys.

The MCP SDK reads the header and answers 401; what a token proves is checked by
`bot.mcp_server.token_verifier`, and the role by the handler.
"""

import logging
from collections.abc import Callable

from mcp.server.auth.middleware.bearer_auth import (
    AuthenticatedUser,
    BearerAuthBackend,
    RequireAuthMiddleware,
)
from mcp.server.auth.provider import AccessToken
from pydantic import AnyHttpUrl
from starlette.authentication import AuthCredentials, AuthenticationError
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.mcp_server.handler import McpHandler
from bot.mcp_server.token_verifier import EntraTokenVerifier, InvalidToken, KeysUnavailable
from bot.messages import Person

log = logging.getLogger("adfops.mcp.gate")

PERSON = "adfops.person"
ANYBODY = Person(person_id="local", name="", tenant="")
_NO_ROLE = "no role in a data factory is given to you: ask the person who runs the bot"


def with_authentication(
    app: ASGIApp,
    handler: McpHandler,
    verifier: EntraTokenVerifier | None,
    metadata: AnyHttpUrl | None = None,
) -> ASGIApp:
    """The application behind the checks; without a `verifier` everybody is let in.

    `metadata` is where clients learn how to sign in.
    """
    if verifier is None:
        return RoleMiddleware(app, handler, lambda _: ANYBODY)
    with_role = RoleMiddleware(app, handler, _authenticated_person)
    return AuthenticationMiddleware(
        RequireAuthMiddleware(with_role, [], metadata),
        backend=SingleTokenBackend(AccessTokens(verifier)),
        on_error=_unavailable,
    )


class AccessTokens:
    """The SDK's TokenVerifier over ours."""

    def __init__(self, verifier: EntraTokenVerifier) -> None:
        """Borrow the verifier."""
        self._verifier = verifier

    async def verify_token(self, token: str) -> AccessToken | None:
        """The token with the person it speaks for; None for one that proves nothing."""
        try:
            person = await self._verifier.person(token)
        except InvalidToken as error:
            log.info("mcp request without proof: %s", error)
            return None
        return AccessToken(
            token=token,
            client_id=person.person_id,
            scopes=[],
            subject=person.person_id,
            claims={"tid": person.tenant},
        )


class SingleTokenBackend(BearerAuthBackend):
    """The SDK's backend, which would take the first of several tokens."""

    async def authenticate(
        self, conn: HTTPConnection
    ) -> tuple[AuthCredentials, AuthenticatedUser] | None:
        """The user of a request with one token; None is answered with 401."""
        if len(conn.headers.getlist("authorization")) > 1:
            return None
        try:
            return await super().authenticate(conn)
        except KeysUnavailable as error:
            raise AuthenticationError(str(error)) from None


class RoleMiddleware:
    """Lets in people with a role, and puts the person into the scope of the request."""

    def __init__(
        self, app: ASGIApp, handler: McpHandler, person_of: Callable[[Scope], Person]
    ) -> None:
        """Borrow everything."""
        self._app = app
        self._handler = handler
        self._person_of = person_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        person = self._person_of(scope)
        if await self._handler.admits(person):
            await self._app({**scope, PERSON: person}, receive, send)
            return
        refusal = {"error": "access_denied", "error_description": _NO_ROLE}
        await JSONResponse(refusal, status_code=403)(scope, receive, send)


def _authenticated_person(scope: Scope) -> Person:
    user = scope["user"]
    if not isinstance(user, AuthenticatedUser):
        raise TypeError("a request got past the authentication")
    token = user.access_token
    return Person(person_id=token.subject or "", name="", tenant=(token.claims or {})["tid"])


def _unavailable(_: HTTPConnection, error: Exception) -> JSONResponse:
    body = {"error": "temporarily_unavailable", "error_description": str(error)}
    return JSONResponse(body, status_code=503)
