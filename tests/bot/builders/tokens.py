"""Tokens with one flaw each: claims that are wrong, and forms that are none."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.doubles.teams import TENANT

APP_ID = "22222222-2222-2222-2222-222222222222"
OTHER = "99999999-9999-9999-9999-999999999999"
NOW = int(time.time())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
CLAIMS: tuple[Mapping[str, Any], ...] = (
    *({"aud": OTHER}, {"aud": None}, {"aud": []}, {"aud": {"x": 1}}, {"aud": ""}, {"aud": "*"}),
    *({"iss": "https://login.example/"}, {"iss": None}, {"iss": ""}),
    *({"exp": NOW - 3600}, {"exp": None}, {"exp": "never"}, {"exp": 0}, {"exp": -1}),
    *({"nbf": NOW + 3600}, {"nbf": "later"}, {"iat": "x"}),
)
ONLY_MCP: tuple[Mapping[str, Any], ...] = (
    *({"scp": None}, {"scp": ""}, {"scp": " "}, {"scp": "User.Read"}, {"scp": "access_as_users"}),
    *({"scp": ["access_as_user"]}, {"scp": {"access_as_user": 1}}, {"scp": 7}),
    *({"scp": None, "roles": ["Reader"], "azp": None}, {"scp": None, "roles": []}),
    *({"scp": None, "roles": ["Reader"], "nonce": "n"}, {"scp": None, "roles": "Reader"}),
    *({"tid": OTHER}, {"tid": None}, {"tid": ["x"]}, {"oid": None}),
    {"iss": "https://api.botframework.com"},
    {"iss": f"https://sts.windows.net/{OTHER}/"},
)
ONLY_TEAMS: tuple[Mapping[str, Any], ...] = (
    *({"serviceurl": "https://smba.trafficmanager.net/x/"}, {"serviceurl": None}),
    *({"serviceurl": ["x"]}, {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0"}),
    *({"aud": f"api://{APP_ID}"}, {"iss": "https://sts.windows.net/x/"}),
)

Change = Callable[[str], str]


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims_of(signed: str) -> dict[str, Any]:
    return jwt.decode(signed, options={"verify_signature": False})


def with_header(**changed: object) -> Change:
    def change(signed: str) -> str:
        header = {**jwt.get_unverified_header(signed), **changed}
        return ".".join([part(header), *signed.split(".")[1:]])

    return change


def signed_by(key: Any, algorithm: str, kid: object = None) -> Change:  # noqa: ANN401
    def change(signed: str) -> str:
        header = {"kid": kid or jwt.get_unverified_header(signed)["kid"]}
        return jwt.encode(claims_of(signed), key, algorithm=algorithm, headers=header)

    return change


FORMS: Mapping[str, Change] = {
    "nothing": lambda _: "",
    "words": lambda _: "let me in",
    "dots": lambda _: "..",
    "one part": lambda signed: signed.split(".")[0],
    "two parts": lambda signed: ".".join(signed.split(".")[:2]),
    "four parts": lambda signed: f"{signed}.x",
    "no signature": lambda signed: ".".join([*signed.split(".")[:2], ""]),
    "another signature": lambda signed: f"{signed[:-12]}AAAAAAAAAAAA",
    "a changed claim": lambda signed: ".".join(
        [signed.split(".")[0], part({**claims_of(signed), "exp": NOW + 9}), signed.split(".")[2]]
    ),
    "no algorithm": with_header(alg="none"),
    "an algorithm in other letters": with_header(alg="nOnE"),
    "symmetric": signed_by("x" * 64, "HS256"),
    "a curve": signed_by(CURVE, "ES256"),
    "longer hash": signed_by(STRANGER, "RS512"),
    "a stranger's key": signed_by(STRANGER, "RS256"),
    "a key of no name": with_header(kid=None),
    "a key that is a list": with_header(kid=["key-1"]),
    "a path for a key": with_header(kid="../../etc/passwd"),
    "a key of its own": with_header(jku="https://evil.example/keys", kid="evil"),
    "an unknown critical part": with_header(crit=["exp"], exp=1),
    "nested too deeply": lambda signed: ".".join(
        [
            base64.urlsafe_b64encode(b"[" * 4_000).rstrip(b"=").decode(),
            *signed.split(".")[1:],
        ]
    ),
    "no JSON": lambda signed: ".".join(["AAAA", *signed.split(".")[1:]]),
    "with a blank": lambda signed: signed.replace(".", ". ", 1),
}
