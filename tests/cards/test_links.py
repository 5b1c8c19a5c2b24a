"""Addresses are ours: built from allow-listed hosts, with every foreign part encoded."""

from urllib.parse import urlsplit

import pytest

from cards.card_for import Record
from cards.gallery import keeping, typical
from cards.gallery.samples import STUDIO, GallerySample, drawn, gallery
from cards.links import HOSTS, allowed, pipeline_page, run_page, runs_page
from tests.cards.judges import walk

RUN = typical.CUSTOMER.run_id
FACTORY = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-data"
    "/providers/Microsoft.DataFactory/factories/adf-prod"
)


def test_a_run_opens_in_studio() -> None:
    assert run_page(STUDIO, "adf-prod", RUN) == (
        f"https://adf.azure.com/en/monitoring/pipelineruns/{RUN}?factory={FACTORY}"
    )


def test_lists_and_pipelines_open_in_studio_too() -> None:
    assert str(runs_page(STUDIO, "adf-prod")).endswith(
        f"/monitoring/pipelineruns?factory={FACTORY}"
    )
    page = pipeline_page(STUDIO, "adf-prod", "a/b?c#d")
    assert str(page).startswith(
        "https://adf.azure.com/en/authoring/pipeline/a%2Fb%3Fc%23d?factory="
    )


def test_no_link_is_made_for_a_factory_that_is_not_known() -> None:
    assert run_page({}, "adf-prod", RUN) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://learn.microsoft.com/a",
        "https://learn.microsoft.com.evil.example/a",
        "https://user@learn.microsoft.com/a",
        "https://learn.microsoft.com:8443/a",
        "https://learn.microsoft.com\\@evil.example",
        "https://learn.microsoft.com/\n.evil.example",
        "javascript:alert(1)",
        "https://[broken",
        "",
        None,
    ],
)
def test_an_address_elsewhere_is_not_opened(url: str | None) -> None:
    assert allowed(url) is None


def test_an_address_on_our_hosts_is_opened() -> None:
    assert allowed("https://learn.microsoft.com/azure/data-factory/") is not None


# The ticket system of the settings.
TICKETS = frozenset({"contoso.service-now.com"})


@pytest.mark.parametrize("shown", gallery(), ids=lambda one: one.name)
def test_no_card_opens_any_other_host(shown: GallerySample) -> None:
    for _, one in walk(shown.card.content):
        if "url" in one:
            allowed_here = HOSTS | TICKETS if "ticket" in shown.name else HOSTS
            assert urlsplit(str(one["url"])).netloc in allowed_here


def test_a_press_that_changes_something_sends_ids_and_a_revision_only() -> None:
    records: tuple[Record, ...] = (keeping.ALERT, keeping.ACKNOWLEDGED)
    for record in records:
        for _, one in walk(drawn(record).content):
            if one.get("type") == "Action.Execute" and one["verb"] != "ask":
                assert one["data"].keys() <= {"incident", "rev"}
