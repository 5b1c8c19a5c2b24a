"""Entra on a real socket: whom a registration lets sign in, and a managed identity beside it."""

import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

TOKEN = "token-of-the-bot"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ISSUER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A federated credential of a registration."""

    issuer: str
    subject: str
    audience: str = "api://AzureADTokenExchange"


@dataclass(slots=True, kw_only=True)
class EntraDouble:
    """One tenant with one registration; `managed` are object ids of identities by client id.

    `refused` has the code of each sign-in that got no token.
    """

    tenant: str
    app_id: str
    secrets: list[str] = field(default_factory=list[str])
    certificates: list[x509.Certificate] = field(default_factory=list[x509.Certificate])
    trusted: list[Trusted] = field(default_factory=list[Trusted])
    managed: dict[str, str] = field(default_factory=dict[str, str])
    refused: list[str] = field(default_factory=list[str])
    forms: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    url: str = ""

    @property
    def issuer(self) -> str:
        """Who signs the tokens of managed identities."""
        return f"{self.url}{self.tenant}/v2.0"

    def sign(self, **changed: Any) -> str:  # noqa: ANN401 - any claim may change
        """A token of a workload identity; `changed` claims replace its own."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "the-identity",
            "aud": "api://AzureADTokenExchange",
            "nbf": now - 10,
            "exp": now + 3600,
        }
        return jwt.encode(claims | changed, ISSUER_KEY, algorithm="RS256")

    async def answer(self, request: web.Request) -> web.Response:
        """Everything that is asked of Entra and of the machine's own identities."""
        path = request.path
        if path == "/msi/token":
            return self._managed_token(request)
        if path.endswith("/.well-known/openid-configuration"):
            return web.json_response(self._addresses(path))
        if not path.endswith("/oauth2/v2.0/token"):
            return web.Response(status=404)
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        code = self._code(path.split("/")[1], form)
        if code is None:
            return web.json_response(
                {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 7200}
            )
        self.refused.append(code)
        said = f"{code}: Something about '{self.app_id}'. Trace ID: 1"
        return web.json_response({"error": "invalid_client", "error_description": said}, status=401)

    def _code(self, tenant: str, form: Mapping[str, str]) -> str | None:
        """Why this sign-in gets no token; None where it does."""
        if tenant != self.tenant:
            return "AADSTS90002"
        if form.get("client_id") != self.app_id:
            return "AADSTS700016"
        if "client_secret" in form:
            return None if form["client_secret"] in self.secrets else "AADSTS7000215"
        assertion = form.get("client_assertion")
        if not assertion or form.get("client_assertion_type") != ASSERTION:
            return "AADSTS7000218"
        try:
            claims = jwt.decode(assertion, options={"verify_signature": False})
            is_own = claims.get("iss") == self.app_id
            return self._own(assertion, tenant) if is_own else self._federated(assertion, claims)
        except jwt.PyJWTError:
            return "AADSTS50027"

    def _own(self, assertion: str, tenant: str) -> str | None:
        """An assertion that a certificate of the registration signed."""
        header = jwt.get_unverified_header(assertion)
        known = {_thumbprint(one): one for one in self.certificates}
        certificate = known.get(str(header.get("x5t#S256", "")).rstrip("="))
        if certificate is None:
            return "AADSTS700027"
        try:
            claims = jwt.decode(
                assertion,
                certificate.public_key(),  # pyright: ignore[reportArgumentType]
                algorithms=["PS256"],
                audience=f"{self.url}{tenant}/oauth2/v2.0/token",
                options={"require": ["exp", "jti", "sub"]},
            )
        except jwt.PyJWTError:
            return "AADSTS700027"
        return None if claims["sub"] == self.app_id else "AADSTS700027"

    def _federated(self, assertion: str, claims: Mapping[str, Any]) -> str | None:
        """An assertion of somebody whom the registration trusts; checked as Entra says it does."""
        if not any(one.issuer == claims.get("iss") for one in self.trusted):
            return "AADSTS700211"
        if not any(one.audience == claims.get("aud") for one in self.trusted):
            return "AADSTS700212"
        if not any(one.subject == claims.get("sub") for one in self.trusted):
            return "AADSTS700213"
        try:
            audience = str(claims["aud"])
            jwt.decode(assertion, ISSUER_KEY.public_key(), algorithms=["RS256"], audience=audience)
        except jwt.ExpiredSignatureError:
            return "AADSTS700024"
        return None

    def _managed_token(self, request: web.Request) -> web.Response:
        """What the identity endpoint of App Service and Container Apps answers."""
        subject = self.managed.get(request.query.get("client_id", ""))
        if subject is None or "X-IDENTITY-HEADER" not in request.headers:
            said = {"statusCode": 400, "message": "No User Assigned or Delegated Managed Identity"}
            return web.json_response(said, status=400)
        token = self.sign(sub=subject, aud=request.query["resource"])
        return web.json_response(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_on": f"{time.time() + 900:.0f}",
            }
        )

    def _addresses(self, path: str) -> Mapping[str, str]:
        tenant = self.url + path.strip("/").split("/")[0]
        return {
            "issuer": f"{tenant}/v2.0",
            "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{tenant}/oauth2/v2.0/token",
            "jwks_uri": f"{self.url}keys",
        }


def _thumbprint(certificate: x509.Certificate) -> str:
    return urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).rstrip(b"=").decode()


@asynccontextmanager
async def running_entra(
    tenant: str, app_id: str, secured_by: SSLContext
) -> AsyncGenerator[EntraDouble]:
    """Entra on a free port, over https as MSAL wants it."""
    double = EntraDouble(tenant=tenant, app_id=app_id)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", double.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured_by).start()
    double.url = f"https://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield double
    finally:
        await runner.cleanup()
