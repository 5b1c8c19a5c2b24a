"""Foreign text loses its secrets, its live links and its mentions, and keeps the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adf.redaction import HIDDEN, redact, redact_json

SECRET = "Zq7-planted+Secret/42"

LEAKS = [
    f"Server=tcp:x.database.windows.net;User ID=svc;Password={SECRET};Encrypt=True",
    f"Server=x;Pwd={SECRET}",
    f"ConnectionString=Server=tcp:sql;Initial Catalog=pay;User ID=svc;Password={SECRET}; See below",
    f"connectionString: 'AccountName=a;AccountKey={SECRET};EndpointSuffix=core.windows.net'",
    f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={SECRET}==;EndpointSuffix=x",
    f"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey={SECRET}=",
    f"https://a.blob.core.windows.net/c/f.csv?sv=2024-01-01&sig={SECRET}&se=2026",
    f'{{"password": "{SECRET}", "user": "svc"}}',
    f'{{\\"client_secret\\":\\"{SECRET}\\"}}',
    f"Authorization: Bearer {SECRET}{SECRET}",
    f"header was 'Bearer {SECRET}{SECRET}'",
    f"x-functions-key: {SECRET}",
    f"api_key={SECRET} rejected",
    f"Api-Key: {SECRET}",
    f"client_secret={SECRET}&grant_type=client_credentials",
    f"ftp://user:{SECRET}@files.example.com/in",
    f"access_token={SECRET}",
    f"Pass\u200bword={SECRET}",
    "token eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJwbGFudGVkIjoiWnE3In0.c2lnbmF0dXJl was refused",
]


@pytest.mark.parametrize("text", LEAKS)
def test_a_planted_secret_is_hidden(text: str) -> None:
    plain = redact(text)
    assert SECRET not in plain
    assert "eyJ" not in plain
    assert HIDDEN in plain


@pytest.mark.parametrize(
    "text",
    [
        "Cannot insert the value NULL into column 'CustomerKey', table 'dw.DimCustomer'",
        "ErrorCode=SqlOperationFailed,'Type=Microsoft.DataTransfer.Common,Message=Login failed for "
        "user 'svc_etl'.,Source=.Net SqlClient'",
        "The secret 'sql-pay' was not found in the key vault",
        "Unexpected token: <html>",
        "Failed: token expired, please retry",
        "The Self-hosted Integration Runtime 'shir-prod-01' is offline, last connect time is "
        "'03/12/2026 01:58:11.402 UTC'.",
        "Invalid object name 'tmp.x'.",
        "ORA-01017: invalid username/password; logon denied\nORA-01017: invalid "
        "username/password; logon denied",
    ],
)
def test_an_ordinary_error_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_a_foreign_link_is_dead_and_still_readable() -> None:
    plain = redact("See [click to fix](https://evil.example/fix) or www.evil.example")
    assert "https://evil" not in plain
    assert "evil.example" not in plain
    assert "hxxps://evil[.]example/fix" in plain


def test_the_address_of_an_azure_service_stays_readable() -> None:
    text = "Request URL: https://dev.azure.com/org/_apis"
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Login failed for user '<token-identified principal>'. The server accepts no such token.",
        "The value <password of the service account> is asked for at the first start.",
    ],
)
def test_words_in_angle_brackets_are_no_element_that_holds_a_secret(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", ["<at>everyone</at>", "< at>everyone", "<AT id='0'>everyone</AT>"])
def test_a_mention_becomes_plain_words(text: str) -> None:
    assert redact(text) == "everyone"


def test_controls_and_bidi_marks_are_removed() -> None:
    assert redact("a\u202eb\x00c\u2066d") == "abcd"


def test_json_is_redacted_within_and_by_key() -> None:
    wire = {"password": SECRET, "rows": 3, "inner": [{"note": f"Pwd={SECRET};"}, None, True]}
    assert redact_json(wire) == {
        "password": HIDDEN,
        "rows": 3,
        "inner": [{"note": f"Pwd={HIDDEN};"}, None, True],
    }


@settings(max_examples=200)
@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_secret_is_hidden_whatever_stands_around_it(before: str, after: str) -> None:
    assert SECRET not in redact(f"{before} Password={SECRET}; {after}")


@settings(max_examples=200)
@given(st.text())
def test_any_text_can_be_redacted_twice_with_the_same_result(text: str) -> None:
    once = redact(text)
    assert redact(once) == once
