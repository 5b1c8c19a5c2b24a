"""The credential for Resource Manager, and what its token says about who it is."""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.identity.aio import DefaultAzureCredential

from adf.client.identity import AzureIdentity
from adf.client.simulator_transport import LoopbackCredential
from adf.errors import Forbidden, Unavailable
from adf.redaction import redact_start

SCOPE = "https://management.azure.com/.default"
_CODE = re.compile(r"AADSTS\d+")

# A credential that has nothing to offer tells so at warning level, for each kind it tries.
logging.getLogger("azure").setLevel(logging.ERROR)


async def sign_in(arm_url: str, credential: AsyncTokenCredential | None = None) -> AzureIdentity:
    """Get a token as the bot does; Forbidden (with Entra's own code) or Unavailable without."""
    local = urlsplit(arm_url).scheme == "http"
    chosen = credential or (LoopbackCredential() if local else DefaultAzureCredential())
    async with chosen:
        try:
            token = await chosen.get_token(SCOPE)
        except ClientAuthenticationError as error:
            raise refused_sign_in(error) from None
        except AzureError as error:
            raise Unavailable(
                redact_start(error.message, 2_000), asked="sign in to Azure"
            ) from None
    return _who(token.token, local=local)


def reading_credential() -> AsyncTokenCredential:
    """The credential of the identity that reads, to be kept and closed by who asks for it."""
    return DefaultAzureCredential()


async def token_of(credential: AsyncTokenCredential, resource: str) -> str:
    """A token for a service; Forbidden (with Entra's own code) or Unavailable without."""
    try:
        return (await credential.get_token(f"{resource}/.default")).token
    except ClientAuthenticationError as error:
        raise refused_sign_in(error) from None
    except AzureError as error:
        raise Unavailable(redact_start(error.message, 2_000), asked="sign in to Azure") from None


async def loopback_token() -> str:
    """The token of a simulator on this machine."""
    return (await LoopbackCredential().get_token(SCOPE)).token


def refused_sign_in(error: ClientAuthenticationError) -> Forbidden:
    """Entra's code without the sentences around it, which hold more than is asked for."""
    code = _CODE.search(error.message)
    said = (redact_start(error.message, 2_000).splitlines() or [type(error).__name__])[0]
    return Forbidden(said, asked="sign in to Azure", code=code[0] if code else None, status=401)


def _who(token: str, *, local: bool) -> AzureIdentity:
    try:
        claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return AzureIdentity(
            token=token, name="the simulator's" if local else "an identity unnamed"
        )
    person = claims.get("upn") or claims.get("unique_name")
    managed = str(claims.get("xms_mirid", "")).rpartition("/")[2]
    registered = claims.get("app_displayname") or claims.get("appid") or claims.get("oid")
    name = person or (f"managed identity {managed}" if managed else f"app {registered}")
    return AzureIdentity(
        token=token,
        name=redact_start(str(name), 400),
        is_person=bool(person),
        object_id=claims.get("oid"),
        tenant=claims.get("tid"),
    )
