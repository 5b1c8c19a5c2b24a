"""The Bot Framework's token service on a real socket: it exchanges, wants consent, hands out."""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import jwt
from aiohttp import web

from tests.doubles.teams import TENANT

ARM = "https://management.azure.com"
# What a client of Teams sends for a token of its person.
SSO = "sso-{}"
EXPIRES = int(time.time()) + 86_400
_KEY = "a key of the double, of 32 bytes.."


def person_token(object_id: str, **changed: object) -> str:
    """A token for Resource Manager, as Entra makes it for a person."""
    claims = {"aud": ARM, "oid": object_id, "tid": TENANT, "exp": EXPIRES}
    return jwt.encode({**claims, **changed}, _KEY, algorithm="HS256")


class TokenServiceDouble:
    """Who consented, which codes are good, and whose token is kept.

    `changed` replaces claims of every token that it makes; `is_down` answers 503. Consent is by
    object id, and a code is good once for the person it was shown to.
    """

    def __init__(self) -> None:
        self.url = ""
        self.consented: set[str] = set()
        self.codes: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.changed: Mapping[str, Any] = {}
        self.is_down = False
        self.calls: Counter[str] = Counter()
        self.connections: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        """Everything that a bot asks of it."""
        name = request.path.rpartition("/")[2]
        self.calls[name] += 1
        if self.is_down:
            return web.Response(status=503)
        if name == "GetSignInResource":
            return web.json_response(self._resource())
        self.connections.add(request.query["connectionName"])
        if name == "exchange":
            return await self._exchange(request)
        return self._get(request.query["userId"], request.query.get("code", ""))

    def _resource(self) -> Mapping[str, Any]:
        asked_for = {"id": f"exchange-{self.calls['GetSignInResource']}", "uri": "api://botid-x"}
        return {
            "signInLink": "https://token.botframework.com/api/oauth/signin?signin=x",
            "tokenExchangeResource": {**asked_for, "providerId": "entra"},
        }

    async def _exchange(self, request: web.Request) -> web.Response:
        token = str((await request.json())["token"])
        object_id = token.removeprefix(SSO.format(""))
        if object_id not in self.consented:
            error = {"code": "BadRequest", "message": "AADSTS65001: consent is needed"}
            return web.json_response({"error": error}, status=400)
        return self._hand_out(request.query["userId"], object_id)

    def _get(self, user_id: str, code: str) -> web.Response:
        object_id = self.codes.pop(code, "") if code else ""
        if object_id:
            return self._hand_out(user_id, object_id)
        if user_id not in self.kept or code:
            return web.json_response({"error": {"code": "NotFound"}}, status=404)
        return web.json_response({"token": self.kept[user_id]})

    def _hand_out(self, user_id: str, object_id: str) -> web.Response:
        self.kept[user_id] = person_token(object_id, **self.changed)
        return web.json_response({"connectionName": "azure", "token": self.kept[user_id]})


@asynccontextmanager
async def running_token_service() -> AsyncGenerator[TokenServiceDouble]:
    """The service on a free port."""
    double = TokenServiceDouble()
    app = web.Application()
    app.router.add_route("*", "/api/{path:.*}", double.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield double
    finally:
        await runner.cleanup()
