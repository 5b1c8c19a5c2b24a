"""The Bot Framework's sign-in on a real socket: published keys, tokens it signs, tokens we get."""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import jwt
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"
TOKEN = "token-of-the-bot"


class IdentityDouble:
    """Signs tokens with the newest of its keys and publishes all of them.

    It hands out the bot's own tokens too, to a secret (OAuth 2.0) and to a managed identity, after
    `token_delay` seconds; `refusal` is what it answers instead. `is_down` makes the keys fail, and
    `other_keys` are published beside its own; `raw_keys` is what it answers in their place.
    """

    def __init__(self, app_id: str) -> None:
        self.app_id = app_id
        self.calls: Counter[str] = Counter()
        self.url = ""
        self.token_delay = 0.0
        self.refusal: Mapping[str, str] | None = None
        self.endorsements: list[str] | None = ["msteams"]
        self.is_down = False
        self.other_keys: list[object] = []
        self.raw_keys: bytes | None = None
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self.roll_over()

    def roll_over(self, *, published: bool = True) -> str:
        """Begin to sign with a new key; returns its id."""
        key_id = f"key-{len(self._keys) + 1}" if published else "unpublished"
        self._keys[key_id] = _key_of(self.app_id, key_id)
        return key_id

    def sign(self, service_url: str, **changed: Any) -> str:  # noqa: ANN401 - any claim may change
        """A token as the Bot Framework signs it; `changed` claims replace its own, None drops."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": self.app_id,
            "serviceurl": service_url,
            "nbf": now - 10,
            "exp": now + 3600,
        } | changed
        key_id = list(self._keys)[-1]
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self._keys[key_id], algorithm="RS256", headers={"kid": key_id})

    async def answer(self, request: web.Request) -> web.Response:
        """Everything that is asked of a sign-in service."""
        path = request.path
        if path.endswith("/.well-known/openid-configuration"):
            return web.json_response(self._tenant(path))
        if path.endswith("/token"):
            return await self._hand_out()
        if self.is_down:
            return web.Response(status=503)
        if path.endswith("/openidconfiguration"):
            self.calls["metadata"] += 1
            return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}keys"})
        if path == "/keys":
            self.calls["keys"] += 1
            if self.raw_keys is not None:
                return web.Response(body=self.raw_keys, content_type="application/json")
            published = [*self.other_keys, *(self._published(one) for one in self._keys)]
            return web.json_response({"keys": published})
        return web.Response(status=404)

    async def _hand_out(self) -> web.Response:
        self.calls["token"] += 1
        await asyncio.sleep(self.token_delay)
        if self.refusal is not None:
            return web.json_response(dict(self.refusal), status=401)
        token = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 7200}
        return web.json_response({**token, "expires_on": str(int(time.time()) + 7200)})

    def _tenant(self, path: str) -> Mapping[str, str]:
        """The addresses of a tenant's own sign-in and keys, which MSAL asks for first."""
        tenant = self.url + path.strip("/").split("/")[0]
        return {
            "issuer": tenant,
            "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{tenant}/oauth2/v2.0/token",
            "jwks_uri": f"{self.url}keys",
        }

    def _published(self, key_id: str) -> Mapping[str, Any]:
        public = orjson.loads(RSAAlgorithm.to_jwk(self._keys[key_id].public_key()))
        endorsed = {} if self.endorsements is None else {"endorsements": self.endorsements}
        hidden = "other" if key_id == "unpublished" else key_id
        return {**public, "kid": hidden, "use": "sig", **endorsed}


@cache
def _key_of(app_id: str, key_id: str) -> rsa.RSAPrivateKey:
    """Made once for all tests of a process: it takes longer than most of them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@asynccontextmanager
async def running_identity(
    app_id: str, secured_by: ssl.SSLContext | None = None
) -> AsyncGenerator[IdentityDouble]:
    """A sign-in service on a free port; over https with a certificate."""
    double = IdentityDouble(app_id)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", double.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured_by).start()
    scheme = "https" if secured_by else "http"
    double.url = f"{scheme}://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield double
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
