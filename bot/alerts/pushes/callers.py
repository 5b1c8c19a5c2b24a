"""Who may push an alert: an app with our role in Entra, or whoever holds the secret, just now.

Azure Monitor's action group and a factory's managed identity send a token of Entra; a script, which
has none, signs the moment and the body with the secret of the settings (HMAC-SHA256).
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.access.entra_tokens import EntraTokens, InvalidToken

SIGNATURE = "X-AdfOps-Signature"
# The app of Azure Monitor that calls secure webhooks, and the role it needs on our registration.
ACTION_GROUPS = "461e8683-5575-4561-ac7f-899cc907d62a"
ROLE = "ActionGroupsSecureWebhook"
WINDOW = timedelta(minutes=5)
_SIGNED = re.compile(r"t=(?P<at>\d{1,12}),v1=(?P<mac>[0-9a-f]{64})")


class UnknownCaller(Exception):
    """Nobody who may push, and why; nothing of what was sent is in it."""


class PushCallers:
    """Proves who sends an alert; without tokens and without a secret there is nobody."""

    def __init__(
        self,
        *,
        tokens: EntraTokens | None,
        apps: Collection[str] = (),
        secret: str | None = None,
    ) -> None:
        """Borrow what reads tokens; `apps` are the ids of callers beside Azure Monitor's."""
        self._tokens = tokens
        self._apps = {ACTION_GROUPS, *(one.lower() for one in apps)}
        self._secret = secret.encode() if secret else None

    async def prove(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """What the caller is called in the audit; raises UnknownCaller or KeysUnavailable."""
        bearer, signature = headers.get("Authorization"), headers.get(SIGNATURE)
        if bearer is not None and signature is not None:
            raise UnknownCaller("two proofs at once")
        if bearer is not None:
            return await self._app_of(bearer)
        if signature is not None:
            return self._signed(signature, body, now)
        raise UnknownCaller("no proof")

    async def warm(self) -> None:
        """Read the signing keys ahead of the first alert."""
        if self._tokens is not None:
            await self._tokens.warm()

    async def _app_of(self, bearer: str) -> str:
        scheme, _, token = bearer.partition(" ")
        if self._tokens is None or scheme.lower() != "bearer" or not token:
            raise UnknownCaller("no bearer token that can be checked")
        try:
            claims = await self._tokens.claims(token, [])
        except InvalidToken as error:
            raise UnknownCaller(str(error)) from None
        app = str(claims.get("azp") or claims.get("appid") or "").lower()
        if app not in self._apps or "nonce" in claims:
            raise UnknownCaller("the token is of an app that may not push")
        roles = claims.get("roles")
        if not isinstance(roles, list) or ROLE not in roles:
            raise UnknownCaller(f"the token lacks the role {ROLE}")
        return app

    def _signed(self, signature: str, body: bytes, now: datetime) -> str:
        found = _SIGNED.fullmatch(signature)
        if self._secret is None or found is None:
            raise UnknownCaller("no signature that can be checked")
        wanted = signature_of(self._secret, int(found["at"]), body)
        if not hmac.compare_digest(wanted, signature):
            raise UnknownCaller("the signature is not ours")
        if abs(now.timestamp() - int(found["at"])) > WINDOW.total_seconds():
            raise UnknownCaller("the signature is too old, or of a clock that is off")
        return "secret"


def signature_of(secret: bytes, at: int, body: bytes) -> str:
    """The value of the header for a body sent at that moment, in seconds since 1970."""
    mac = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"
