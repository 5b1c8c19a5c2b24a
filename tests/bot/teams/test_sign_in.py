"""The bot signs in by a certificate or by an identity its registration trusts, and never by less.

Entra, the identities of the machine and the connector are on real sockets; each case ends with a
message that carries the token, or with a reason that says what to fix and nothing secret.
"""

import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.messages import Reply
from bot.teams import Endpoints, NotSignedIn, TeamsIdentity, WrongIdentity
from bot.teams.sign_in import check_credential
from tests.bot.builders.tokens import CLAIMS, FORMS, ONLY_TEAMS
from tests.bot.teams.conftest import APP_ID, CONNECTOR, Door, Watch, address, opened, opened_sender
from tests.doubles.certificate import make_app_certificate, make_certificate
from tests.doubles.connector import ConnectorDouble
from tests.doubles.entra import TOKEN, EntraDouble, Trusted, running_entra
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import TENANT, Client

MANAGED = "55555555-5555-4555-8555-555555555555"
OBJECT = "66666666-6666-4666-8666-666666666666"
OTHER = "99999999-9999-4999-8999-999999999999"
GOOD_PEM, GOOD = make_app_certificate()
OTHER_PEM, STRANGER = make_app_certificate()
OLD_PEM, _ = make_app_certificate(days=-1)
MARK = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, kw_only=True)
class Case:
    """How the bot signs in, what Entra knows, and the code or words of a refusal ("" for none)."""

    way: str
    refused: str = ""
    pem: bytes = GOOD_PEM
    token: Mapping[str, object] | bytes | None = None
    entra: Mapping[str, object] = field(default_factory=dict[str, object])
    identity: dict[str, Any] = field(default_factory=dict[str, Any])


def parts(pem: bytes) -> tuple[bytes, bytes]:
    key, mark, certificate = pem.partition(MARK)
    return key, mark + certificate


def as_traditional(pem: bytes, password: bytes | None = None) -> bytes:
    """The same key in the older form of PEM, and with a passphrase."""
    loaded = serialization.load_pem_private_key(parts(pem)[0], None)
    secret = serialization.BestAvailableEncryption(password) if password else None
    return loaded.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        secret or serialization.NoEncryption(),
    )


def of_a_curve() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain) + parts(GOOD_PEM)[1]


KEY, CERTIFICATE = parts(GOOD_PEM)
CERTIFICATES: Mapping[str, Case] = {
    "a certificate": Case(way="certificate"),
    "the certificate first": Case(way="certificate", pem=CERTIFICATE + KEY),
    "the whole chain": Case(way="certificate", pem=GOOD_PEM + parts(OTHER_PEM)[1]),
    "the chain turned round": Case(way="certificate", pem=KEY + parts(OTHER_PEM)[1] + CERTIFICATE),
    "words around it": Case(way="certificate", pem=b"Bag Attributes\n" + GOOD_PEM + b"\nend\n"),
    "the older form of a key": Case(way="certificate", pem=as_traditional(GOOD_PEM) + CERTIFICATE),
    "two that are registered": Case(way="certificate", entra={"certificates": [STRANGER, GOOD]}),
    "another certificate": Case(way="certificate", pem=OTHER_PEM, refused="AADSTS700027"),
    "none registered": Case(way="certificate", entra={"certificates": []}, refused="AADSTS700027"),
    "another app": Case(way="certificate", identity={"app_id": OTHER}, refused="AADSTS700016"),
    "another tenant": Case(way="certificate", identity={"tenant_id": OTHER}, refused="AADSTS90002"),
}
UNUSABLE: Mapping[str, tuple[bytes | None, str]] = {
    "no file": (None, "cannot be read"),
    "an empty file": (b"", "no private key and certificate"),
    "words": (b"let me in", "no private key and certificate"),
    "bytes": (bytes(range(256)), "no private key and certificate"),
    "a certificate alone": (CERTIFICATE, "no private key and certificate"),
    "a key alone": (KEY, "no private key and certificate"),
    "a passphrase": (as_traditional(GOOD_PEM, b"x") + CERTIFICATE, "passphrase"),
    "the certificate of another key": (KEY + parts(OTHER_PEM)[1], "another key"),
    "a key on a curve": (of_a_curve(), "not RSA"),
    "a broken key": (KEY.replace(b"A", b"!") + CERTIFICATE, "no private key and certificate"),
    "a broken certificate": (
        KEY + CERTIFICATE.replace(b"M", b"!"),
        "no private key and certificate",
    ),
    "too large": (b"\n" * 70_000 + GOOD_PEM, "no private key and certificate"),
}
FEDERATED: Mapping[str, Case] = {
    "a managed identity": Case(way="managed"),
    "an identity that is not here": Case(
        way="managed", entra={"managed": {}}, refused="no token of that managed identity"
    ),
    "an identity that is not trusted": Case(
        way="managed", entra={"managed": {MANAGED: OTHER}}, refused="AADSTS700213"
    ),
    "nobody trusted": Case(way="managed", entra={"trusted": []}, refused="AADSTS700211"),
    "a managed identity for another app": Case(
        way="managed", identity={"app_id": OTHER}, refused="AADSTS700016"
    ),
    "a managed identity in another tenant": Case(
        way="managed", identity={"tenant_id": OTHER}, refused="AADSTS90002"
    ),
    "a workload identity": Case(way="file"),
    "a token that has ended": Case(
        way="file", token={"exp": int(time.time()) - 600}, refused="AADSTS700024"
    ),
    "a token for somebody else": Case(
        way="file", token={"aud": "https://vault.azure.net"}, refused="AADSTS700212"
    ),
    "a token of another identity": Case(way="file", token={"sub": OTHER}, refused="AADSTS700213"),
    "a token of another cluster": Case(
        way="file", token={"iss": "https://evil.example/"}, refused="AADSTS700211"
    ),
    "no token": Case(way="file", token=b"", refused="is empty"),
    "words for a token": Case(way="file", token=b"let me in", refused="AADSTS50027"),
}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Entra, a connector and a folder for files."""

    entra: EntraDouble
    connector: ConnectorDouble
    folder: Path

    def identity(self, case: Case) -> TeamsIdentity:
        """The bot of a case; Entra is made to know what the case says."""
        for name, value in case.entra.items():
            setattr(self.entra, name, value)
        endpoints = Endpoints(authority=self.entra.url, connectors=(self.connector.url,))
        known: dict[str, Any] = {"app_id": APP_ID, "tenant_id": TENANT, "endpoints": endpoints}
        return TeamsIdentity(**known | self.way(case) | case.identity)

    def way(self, case: Case) -> dict[str, Any]:
        """What the bot signs in with."""
        if case.way == "certificate":
            return {"certificate": self.put("bot.pem", case.pem)}
        if case.way == "managed":
            return {"federated_identity": MANAGED}
        if isinstance(case.token, bytes):
            return {"token_file": self.put("token", case.token)}
        claims = {"sub": OBJECT, **(case.token or {})}
        return {"token_file": self.put("token", self.entra.sign(**claims).encode())}

    def put(self, name: str, content: bytes) -> Path:
        """A file of the machine."""
        file = self.folder / name
        file.write_bytes(content)
        return file


@pytest.fixture
async def stage(
    tmp_path: Path, connector: ConnectorDouble, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Stage]:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.trusted))
    async with running_entra(TENANT, APP_ID, certificate.server) as entra:
        entra.certificates = [GOOD]
        entra.managed = {MANAGED: OBJECT}
        entra.trusted = [Trusted(issuer=entra.issuer, subject=OBJECT)]
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{entra.url}msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        yield Stage(entra=entra, connector=connector, folder=tmp_path)


@pytest.mark.parametrize("name", [*CERTIFICATES, *FEDERATED])
async def test_a_sign_in_gets_a_token_or_says_why_not(
    name: str, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    case = {**CERTIFICATES, **FEDERATED}[name]
    reply = Reply(address=address(stage.connector), text="hello")
    async with opened_sender(stage.identity(case)) as sender:
        if not case.refused:
            await sender.send(reply)
            assert stage.connector.messages[-1].authorization == f"Bearer {TOKEN}"
            return
        with pytest.raises(NotSignedIn) as refused:
            await sender.send(reply)
    assert case.refused in str(refused.value)
    assert stage.connector.sent == []
    assert shown_of_secrets(stage, str(refused.value) + caplog.text) == []


def shown_of_secrets(stage: Stage, said: str) -> list[str]:
    """What of keys and assertions stands in a text."""
    sent = [form.get("client_assertion", "") for form in stage.entra.forms]
    lines = [line for line in GOOD_PEM.decode().splitlines() if len(line) > 30]
    return [one for one in [*lines, *sent] if one and one in said]


@pytest.mark.parametrize("name", UNUSABLE)
async def test_a_certificate_that_cannot_be_used_stops_the_start_and_any_sign_in(
    name: str, stage: Stage
) -> None:
    content, said = UNUSABLE[name]
    identity = stage.identity(Case(way="certificate"))
    assert identity.certificate is not None
    if content is None:
        identity.certificate.unlink()
    else:
        identity.certificate.write_bytes(content)
    with pytest.raises(WrongIdentity, match=f"^MicrosoftAppCertificate: .*{said}") as wrong:
        check_credential(identity)
    assert "PRIVATE KEY" not in str(wrong.value)
    async with opened_sender(identity) as sender:
        with pytest.raises(NotSignedIn, match=said):
            await sender.send(Reply(address=address(stage.connector), text="hello"))
    assert stage.entra.forms == []


@pytest.mark.parametrize("way", ["certificate", "file"])
async def test_what_was_renewed_on_the_disk_is_used_at_the_next_sign_in(
    way: str, stage: Stage, watch: Watch
) -> None:
    identity = stage.identity(Case(way=way, pem=OLD_PEM, token=b"old"))
    reply = Reply(address=address(stage.connector), text="hello")
    async with opened_sender(identity, watch=watch) as sender:
        with pytest.raises(NotSignedIn):
            await sender.send(reply)
        stage.put("bot.pem", GOOD_PEM)
        stage.put("token", stage.entra.sign(sub=OBJECT).encode())
        await sender.send(reply)
    assert len(stage.connector.messages) == 1


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ({}, "MicrosoftAppPassword is blank"),
        ({"app_password": "x", "certificate": Path("x")}, "keep one"),
        ({"app_password": "x", "federated_identity": MANAGED}, "keep one"),
        ({"token_file": Path("x"), "federated_identity": MANAGED}, "keep one"),
    ],
)
def test_exactly_one_way_to_sign_in_is_taken(ways: dict[str, object], said: str) -> None:
    with pytest.raises(WrongIdentity, match=said):
        TeamsIdentity(app_id=APP_ID, tenant_id=TENANT, **ways)  # pyright: ignore[reportArgumentType]


def test_nothing_secret_is_in_what_an_identity_prints() -> None:
    identity = TeamsIdentity(app_id=APP_ID, tenant_id=TENANT, app_password="Zq7-planted")
    assert "Zq7" not in repr(identity)


@pytest.fixture(params=["certificate", "managed", "file"])
async def other_door(
    request: pytest.FixtureRequest, stage: Stage, identity: IdentityDouble, watch: Watch
) -> AsyncGenerator[Door]:
    """The endpoint of a bot that has no secret."""
    known = stage.identity(Case(way=request.param))
    keys = f"{identity.url}openidconfiguration"
    known = replace(known, endpoints=replace(known.endpoints, signing_keys=keys))
    async with opened(known, watch, lambda: time.time() + watch.seconds) as door:
        yield door


async def test_a_bot_without_a_secret_believes_no_more_than_one_with_one(
    other_door: Door, identity: IdentityDouble
) -> None:
    body = Client(service_url=CONNECTOR).personal("hello")
    good = identity.sign(CONNECTOR)
    tokens = [identity.sign(CONNECTOR, **one) for one in (*CLAIMS, *ONLY_TEAMS)]
    tokens += [change(good) for change in FORMS.values()]
    found = [(await other_door.post(body, one))[0] for one in tokens]
    assert set(found) <= {401, 403}
    assert other_door.taken.taken == []
    assert (await other_door.post(body, good))[0] == 202
