"""A link is live only where a browser would go to a trusted host over https."""

import json

import pytest

from adf.redaction import redact
from adf.redaction.hosts import TRUSTED
from adf.redaction.links import is_trusted
from tests.adf.url_judge import RECORD

# What stands after one of these is path, query or fragment to every browser.
BEGINS_NO_HOST = "?#\\"
READ = [json.loads(row) for row in RECORD.read_text().splitlines()]


def leads_to_trusted(row: dict[str, str]) -> bool:
    """By Chromium's own parser."""
    return row["protocol"] == "https:" and row["host"] in TRUSTED


def is_live(text: str) -> bool:
    return any(f"{scheme}:" in text.lower() for scheme in ("https", "http", "ftp", "wss", "file"))


@pytest.mark.parametrize("row", READ, ids=lambda row: row["form"])
def test_the_parser_reads_the_host_that_a_browser_reads(row: dict[str, str]) -> None:
    assert is_trusted(row["form"]) == leads_to_trusted(row)


@pytest.mark.parametrize("around", ["{}", "See {} for more", "Request URL: '{}'.", "[x]({})"])
@pytest.mark.parametrize("row", READ, ids=lambda row: row["form"])
def test_no_link_is_live_that_should_not_be_and_none_dead_that_should_live(
    row: dict[str, str], around: str
) -> None:
    assert is_live(redact(around.format(row["form"]))) == leads_to_trusted(row)


@pytest.mark.parametrize("mark", list("?#&;,%|`{\\'\"()[]<>*$!~^=+@:"))
def test_no_sign_after_a_foreign_host_makes_it_one_of_ours(mark: str) -> None:
    assert "https://evil" not in redact(f"https://evil.example{mark}.azure.com")
    if mark not in BEGINS_NO_HOST:
        assert "https:" not in redact(f"https://dev.azure.com{mark}@evil.example/")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "msteams:/l/meeting/x",
            "javascript:alert(1)",
            "vbscript:x",
            "file:///c:/x",
            "skype:x?call",
        ),
        *("ms-word:ofe|u|https://x", "search-ms:query=x", "data:text/html,<b>", "sip:a@b"),
    ],
)
def test_nothing_that_starts_a_program_stays_a_link(text: str) -> None:
    assert text.partition(":")[0] + ":" not in redact(f"press {text} now").replace("[:]", "")


@pytest.mark.parametrize(
    "text",
    [
        "Path: abfss://raw@acct.dfs.core.windows.net/a/b.parquet",
        "jdbc:sqlserver://h.database.windows.net:1433;databaseName=d",
        "The file: orders.csv, the data: 12 rows",
        "s3://bucket/key and dbfs:/mnt/x and C://a//b",
    ],
)
def test_addresses_of_data_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_links_are_read_only_once() -> None:
    for row in READ:
        once = redact(row["form"])
        assert redact(once) == once
