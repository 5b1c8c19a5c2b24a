"""What the bot proves to Entra that it is its app registration by, in the form MSAL takes it.

A secret, a certificate, or the token of an identity that the registration trusts (a federated
credential): of a managed identity in Azure, or of a workload identity in Kubernetes. Files are read
at each sign-in, since whoever renews them puts new ones in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from msal import ManagedIdentityClient, UserAssignedManagedIdentity

from bot.teams.errors import WrongIdentity
from bot.teams.identity import TeamsIdentity

# The audience of a token that stands in for a secret (Entra, workload identity federation).
EXCHANGE = "api://AzureADTokenExchange"
LONGEST_FILE = 64 * 1024
_NOT_BOTH = "holds no private key and certificate that can be read as PEM"


class CredentialUnusable(Exception):
    """There is nothing to sign in with; the message says why, without anything secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotCertificate:
    """A private key and the certificate that fits it, both as PEM; `ends` is when it expires."""

    key: str = field(repr=False)
    certificate: str
    ends: datetime


def check_credential(identity: TeamsIdentity) -> None:
    """Refuse files that nothing can be signed in with; raises WrongIdentity."""
    try:
        if identity.certificate:
            read_certificate(identity.certificate)
        if identity.token_file:
            read_token_file(identity.token_file)
    except CredentialUnusable as error:
        raise WrongIdentity(str(error)) from None


def client_credential(identity: TeamsIdentity, http: requests.Session) -> str | dict[str, Any]:
    """The secret, the certificate or a fresh assertion; raises CredentialUnusable."""
    if identity.certificate:
        found = read_certificate(identity.certificate)
        return {"private_key": found.key, "public_certificate": found.certificate}
    if identity.token_file:
        assertion = read_token_file(identity.token_file)
        return {"client_assertion": lambda: assertion}
    if identity.federated_identity:
        assertion = _managed_assertion(identity.federated_identity, http)
        return {"client_assertion": lambda: assertion}
    return identity.app_password


def managed_token(client_id: str, resource: str, http: requests.Session) -> Mapping[str, Any]:
    """What the managed identity of this machine with that client id is answered."""
    who = UserAssignedManagedIdentity(client_id=client_id)
    client = ManagedIdentityClient(who, http_client=http)
    return client.acquire_token_for_client(resource=resource)


def read_certificate(path: Path) -> BotCertificate:
    """The RSA key in a PEM file and the certificate that fits it; raises CredentialUnusable."""
    what = f"MicrosoftAppCertificate: {path}"
    raw = _read(path, what)
    try:
        key = serialization.load_pem_private_key(raw, password=None)
    except TypeError:
        raise CredentialUnusable(f"{what}: its key has a passphrase; store it without") from None
    except ValueError:
        raise CredentialUnusable(f"{what}: {_NOT_BOTH}") from None
    if not isinstance(key, RSAPrivateKey):
        raise CredentialUnusable(f"{what}: its key is not RSA, which Entra needs")
    try:
        certificates = x509.load_pem_x509_certificates(raw)
    except ValueError:
        raise CredentialUnusable(f"{what}: {_NOT_BOTH}") from None
    fitting = (one for one in certificates if one.public_key() == key.public_key())
    leaf = next(fitting, None)
    if leaf is None:
        raise CredentialUnusable(f"{what}: its certificate is for another key")
    return BotCertificate(
        key=_pem_of(key),
        certificate=leaf.public_bytes(serialization.Encoding.PEM).decode(),
        ends=leaf.not_valid_after_utc,
    )


def read_token_file(path: Path) -> str:
    """The token that the platform keeps in a file; raises CredentialUnusable."""
    what = f"MicrosoftAppFederatedTokenFile: {path}"
    token = _read(path, what).decode("utf-8", "replace").strip()
    if not token:
        raise CredentialUnusable(f"{what}: is empty")
    return token


def _managed_assertion(client_id: str, http: requests.Session) -> str:
    try:
        found = managed_token(client_id, EXCHANGE, http)
    except (requests.RequestException, ValueError):
        found = {}
    if "access_token" not in found:
        raise CredentialUnusable(
            "MicrosoftAppFederatedIdentity: this machine has no token of that managed identity"
        )
    return str(found["access_token"])


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_FILE)
    except OSError as error:
        raise CredentialUnusable(f"{what}: cannot be read ({error.strerror})") from None


def _pem_of(key: RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
