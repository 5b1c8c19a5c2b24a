"""No secret of the written kinds passes, few of unread kinds do, and errors lose no other word."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

from adf.client import decode
from adf.diagnosis import meaning_of
from adf.records import Factory, RunReport
from adf.redaction import HIDDEN, redact, redact_json, redact_name
from bot.agents.model.facts import record_as_json
from cards.gallery import typical
from cards.gallery.samples import drawn
from tests.adf.planted_secrets import PlantedSecret, planted_secrets

ERRORS = Path(__file__).parents[1] / "data" / "errors"
# How many of each list that pass, of how many.
MOST_THAT_PASS = {"unseen": (13, 137), "odd": (6, 286), "odd_unread": (20, 118)}
FACTORY = Factory(alias="f", subscription="s", resource_group="g", name="f")
UTC = ZoneInfo("UTC")


def test_no_planted_secret_passes() -> None:
    passed = [(one.kind, one.text) for one in planted_secrets() if one.leaks_in(redact(one.text))]
    assert passed == []


def test_the_list_is_long_and_of_many_kinds() -> None:
    every = list(planted_secrets())
    assert len({one.text for one in every}) >= 200
    assert len({one.kind for one in every}) >= 60


@pytest.mark.parametrize("name", MOST_THAT_PASS)
def test_few_secrets_of_other_lists_pass(name: str) -> None:
    every = list(planted_secrets(name))
    passed = sum(one.leaks_in(redact(one.text)) for one in every)
    most, length = MOST_THAT_PASS[name]
    assert len(every) == length
    assert passed <= most


def test_what_was_redacted_is_redacted_for_good() -> None:
    for one in planted_secrets():
        once = redact(one.text)
        assert redact(once) == once


def failed_report(one: PlantedSecret) -> RunReport:
    """A failed run as the wire has it, with the text wherever somebody writes freely."""
    said = f"Failure happened on 'Sink' side. {one.text}"
    error = {"errorCode": "2200", "message": said, "failureType": "UserError", "target": "Copy"}
    item = {"iterationHash": "1", "userProperties": {"item": one.text}}
    activity = decode.activity_run(
        {"activityName": "Copy", "status": "Failed", "error": error} | item
    )
    wire = {"message": said, "parameters": {"note": one.text, "inner": {"secret": one.secret}}}
    sample = typical.FAILURE
    assert activity.error is not None
    assert sample.cause is not None
    cause = replace(sample.cause, failed=(activity,), error=activity.error)
    return replace(
        sample,
        run=replace(decode.pipeline_run(FACTORY, wire), pipeline="Load", status=sample.run.status),
        activity_runs=(activity,),
        cause=cause,
        meaning=meaning_of(cause),
    )


def shown(one: PlantedSecret) -> Iterator[str]:
    """What stands on the card and is spoken, what sums it up, what a model and MCP are sent."""
    report = failed_report(one)
    card = drawn(report)
    yield json.dumps(card.content, ensure_ascii=False)
    yield card.summary
    yield record_as_json(report, UTC)
    yield report.one_line(UTC)


def test_no_planted_secret_reaches_a_card_a_summary_a_model_or_a_client_of_mcp() -> None:
    every = list(planted_secrets())
    passed = [one.text for one in every[::6] if any(map(one.leaks_in, shown(one)))]
    assert passed == []


@pytest.mark.prove
def test_none_of_all_of_them_does() -> None:
    passed = [one.text for one in planted_secrets() if any(map(one.leaks_in, shown(one)))]
    assert passed == []


def test_a_second_judge_finds_no_secret_in_what_was_redacted(tmp_path: Path) -> None:
    lines = [redact(one.text).replace("\n", " ") for one in planted_secrets()]
    file = tmp_path / "redacted.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    with default_settings():
        found = SecretsCollection()
        found.scan_file(str(file))
    hits = [(lines[hit.line_number - 1], hit.type) for _, hit in found]
    assert [one for one in hits if not (HIDDEN in one[0] and one[1] in BY_NAME)] == []


# The judge's own guesses by a name beside a word; the word is our mark.
BY_NAME = {"Secret Keyword", "Basic Auth Credentials"}
NAMES = ("ghp_{}", "AKIA{}", "x password={}", "https://a:{}@b.example", "sig={}")


@pytest.mark.parametrize("form", NAMES)
def test_names_lose_secrets_too(form: str) -> None:
    secret = "Q7W2E9R4T6Y1U8I3O5P0A7S2D4F6G8H1J3K5"
    name = form.format(secret[: 16 if form.startswith("AKIA") else 36])
    run = decode.pipeline_run(
        FACTORY,
        {
            "pipelineName": name,
            "parameters": {name: 1},
            "invokedBy": {"name": name, "pipelineName": name},
        },
    )
    activity = decode.activity_run(
        {
            "activityName": name,
            "integrationRuntimeNames": [name],
            "error": {"errorCode": name, "failureType": name, "target": name, "message": "x"},
        }
    )
    assert secret[:12] not in f"{run}{activity}"


@pytest.mark.parametrize(
    "name",
    [
        *("PL_Load_CustomerKey_Daily", "Token refresh", "Password reset 2024", "copy-passthrough"),
        *(
            "dim_ProductKey=17",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "Key Vault: rotate",
            "Ünïcode",
        ),
        *(
            "IngestSalesforceOpportunityLineItemV2Incremental2024",
            "CERT-EU loads",
            "secrets_rotation_v12",
        ),
    ],
)
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert redact_name(name) == name


KEYS = (
    *(
        "servicePrincipalKey",
        "functionAppKey",
        "sasUri",
        "privateKeyContent",
        "secretKey",
        "authKey",
    ),
    *("sharedKey", "consumerKey", "workspaceKey", "credString", "embeddedCertData", "hmacKey"),
    *("sshKey", "connectionCredential", "userPwd", "apiSecret", "refreshToken", "pfx", "dbPass"),
)


@pytest.mark.parametrize("key", KEYS)
def test_a_field_is_a_secret_by_the_shape_of_its_name(key: str) -> None:
    assert redact_json({key: "abcdef", key.upper(): "abcdef"}) == {key: HIDDEN, key.upper(): HIDDEN}
    assert "abcdef" not in redact(json.dumps({key: "abcdef"}))


@pytest.mark.parametrize(
    "key",
    [
        *(
            "partitionKey",
            "primaryKey",
            "CustomerKey",
            "publicKey",
            "continuationToken",
            "nextPageToken",
        ),
        *("secretName", "tokenType", "keyVaultName", "passed", "certificateThumbprint", "compass"),
        *("PublicKeyToken", "maxTokens", "bypass", "foreign_key", "hash-key", "monkey"),
    ],
)
def test_a_field_that_only_sounds_so_is_none(key: str) -> None:
    assert redact_json({key: "abc17"}) == {key: "abc17"}
    assert redact(f"{key}: abc17") == f"{key}: abc17"


def messages() -> Iterator[str]:
    for file in sorted(ERRORS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["message"]


def test_hardly_any_error_loses_a_word_that_is_no_secret() -> None:
    every = list(messages())
    touched = [one for one in every if HIDDEN in redact(one) and HIDDEN not in one]
    lost = [one for one in touched if not re.search(r"[?&]sig=\w", one)]
    assert len(every) > 1_000
    assert len(lost) <= len(every) / 100
