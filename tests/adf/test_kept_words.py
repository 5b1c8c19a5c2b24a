"""Whoever is on call still reads which vault, checksum, variable, state and host an error names."""

import random
import string
from pathlib import Path

import pytest

from adf.redaction import HIDDEN, redact, redact_json
from tests.adf.planted_secrets import planted_secrets

CLEAN = Path(__file__).parents[1] / "data" / "redaction" / "clean.txt"
EACH = 20
NAMES = ("password", "DB_PASSWORD", "api_key", "client_secret", "etlPwd", "access_token")
REFERENCES = (
    *("${DB_PASSWORD}", "${{ secrets.PW }}", "{{ db.password }}", "$(sqlPassword)", "%SQL01_PWD%"),
    *("$DB_PASSWORD", "$env:DB_PW", "#{SqlPassword}#", "@{linkedService().password}"),
    *("@pipeline().parameters.sqlPassword", "@activity('Get secret').output.value"),
    *('os.environ["DB_PASSWORD"]', "os.getenv('ETL_PWD', None)", 'client.get_secret("sql-etl")'),
    *('dbutils.secrets.get(scope="kv", key="sap-bw")', "config.read_password(name)"),
    *("(Get-AzKeyVaultSecret -VaultName kv)", "@Microsoft.KeyVault(VaultName=kv;SecretName=s)"),
)
STATES = ("expired", "missing", "must be reset", "The user has none", "rejected by the server")
COMMANDS = ("Get-AzKeyVaultSecret", "New-AzADAppCredential", "ConvertTo-SecureString")
SUMS = {
    "sha256 of orders_{n}.csv: {s}": ("hex", 64),
    "MD5 checksum expected {s} for blob part-{n}": ("base64", 16),
    "Digest: sha-256={s}": ("base64", 32),
    "checksum mismatch: want {s} got {s}": ("hex", 40),
    "commit {n} of branch main is {s}": ("hex", 40),
    "ssh-ed25519 fingerprint SHA256:{s} has changed": ("base64", 32),
}


def chance_of(chance: random.Random, kind: str, length: int) -> str:
    raw = chance.randbytes(length)
    if kind == "hex":
        return raw.hex()[:length]
    alphabet = string.ascii_letters + string.digits + "+/"
    return "".join(alphabet[one % 64] for one in raw) + "=" * (-length % 4)


def test_texts_without_a_secret_lose_nothing() -> None:
    texts = CLEAN.read_text(encoding="utf-8").splitlines()
    assert len(texts) > 150
    assert [text for text in texts if HIDDEN in redact(text)] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reference", REFERENCES)
def test_what_only_points_at_a_secret_stays(name: str, reference: str) -> None:
    for text in (f"{name} = {reference}", f"{name}: {reference}", f"{name}={reference}; next"):
        assert redact(text) == text
    assert redact_json({name: reference}) == {name: reference}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("state", STATES)
def test_how_a_secret_stands_is_said(name: str, state: str) -> None:
    assert redact(f"{name}: {state}") == f"{name}: {state}"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_failed_says_why_and_shows_no_secret(command: str) -> None:
    text = f"{command} : Operation returned an invalid status code 'Forbidden'"
    assert redact(text) == text
    assert "Quarz_44x" not in redact(f"{command} : Quarz_44x")


@pytest.mark.parametrize("form", SUMS)
def test_a_checksum_is_known_to_all_and_a_key_of_the_same_look_is_not(form: str) -> None:
    chance = random.Random(form)
    for number in range(EACH):
        value = chance_of(chance, *SUMS[form])
        text = form.format(n=number, s=value)
        assert redact(text) == text
        assert value not in redact(f"md5 verified; api_key={value}")


FIELDS = (
    "Server=tcp:sql-prod,1433;",
    "Data Source=db7;Initial Catalog=mart;",
    "Host=pg1;Port=5432;",
)


@pytest.mark.parametrize("fields", FIELDS)
def test_a_connection_string_says_where_it_leads_and_not_how_it_opens(fields: str) -> None:
    for around in ('connectionString="{}"', "ConnectionString={}", '"connectionString": "{}"'):
        plain = redact(around.format(f"{fields}User ID=etl;Password=Quarz_44x;Encrypt=True"))
        assert fields in plain
        assert "Quarz_44x" not in plain
        plain = redact(around.format(f"{fields}Anything=marblefox;Encrypt=True"))
        assert "marblefox" not in plain


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "Negotiate", "GenieKey", "SSWS", "token"])
def test_a_header_keeps_its_scheme(scheme: str) -> None:
    text = f"Authorization: {scheme} 7f3aq9Zk2LmN8pXw was refused"
    assert redact(text) == f"Authorization: {scheme} {HIDDEN} was refused"


@pytest.mark.parametrize("name", ["token_uri", "authorizationUrl", "sasUri", "secretUrl"])
def test_an_address_says_where_and_not_what_is_asked_of_it(name: str) -> None:
    endpoint = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    assert redact(f'"{name}": "{endpoint}"') == f'"{name}": "{endpoint}"'
    plain = redact(f'"{name}": "{endpoint}?k=Quarz_44x"')
    assert endpoint in plain
    assert "Quarz_44x" not in plain
    assert "Xk29dlQzWq7m" not in redact(f'"{name}": "https://login.windows.net/Xk29dlQzWq7m"')


@pytest.mark.parametrize("after", ["&api-version=1.0", "&Key-Pair-Id=K1", "&$top=5", ""])
def test_what_follows_a_secret_in_a_query_stays(after: str) -> None:
    plain = redact(f"GET /search?subscription-key=Quarz44x7LmN8{after} returned 401")
    assert plain == f"GET /search?subscription-key={HIDDEN}{after} returned 401"


AFTER = (
    " while reading raw/orders.csv from sqlprod7; attempt=3 of 5",
    " (run 0f8fad5b-d9cb-469f-a165-70867728950e, table dbo.Orders)",
    "; see activity Copy_Orders, error 18456",
    "\nServer: sqlprod7\nDatabase: mart",
)
# A field among others of a connection string may hold blanks, so that it ends at the next sign.
MOST_LOST = 3


def test_what_is_said_after_a_secret_stays() -> None:
    texts = [one.text + after for one in planted_secrets() for after in AFTER]
    lost = [text for text in texts if not is_kept(text.splitlines()[-1].split()[-3:], text)]
    assert lost == []
    assert sum(" while reading" not in redact(text) for text in texts[:: len(AFTER)]) <= MOST_LOST


def is_kept(words: list[str], text: str) -> bool:
    plain = redact(text)
    return all(word in plain for word in words)


def test_of_a_cookie_its_name_stays_and_what_is_said_of_it() -> None:
    plain = redact("Set-Cookie: SESSION=Quarz44x; Path=/; HttpOnly")
    assert plain == f"Set-Cookie: SESSION={HIDDEN}; Path=/; HttpOnly"
    assert redact("Cookie: SESSION=Quarz44x; other=Xk29dlQ") == f"Cookie: SESSION={HIDDEN}"
