"""Questions are understood by their words and the factory's own names; doubt is never hidden."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from bot.agents.understanding.tokens import tokens_of

from bot.agents.understanding.entities.pipelines import (
    MatchKind,
    OrdinaryWords,
    find_names,
    nearest,
)
from bot.agents.understanding.interpreter import Intent, Interpretation
from bot.agents.understanding.interpreter import understand as understand_at

SHOP = [
    "LoadSales_Hourly",
    "LoadSales_Hourly_Replay",
    "SalesForecast",
    "pl-ingest-clickstream",
    "StockLevels",
    "GeoLookup_Refresh",
    "PL_Night_Master",
    "Export2Lake",
    "rerun all of it",
]
NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
RUN_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def understand(text: str, names: list[str]) -> Interpretation:
    return understand_at(text, names, NOW, ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "intent", "name"),
    [
        ("What's the status of the StockLevels pipeline?", Intent.STATUS, "StockLevels"),
        ("stocklevels ok??", Intent.STATUS, "StockLevels"),
        ("stock levels?", Intent.STATUS, "StockLevels"),
        ("STOCKLEVELS", Intent.STATUS, "StockLevels"),
        ("is the night master thru yet", Intent.STATUS, "PL_Night_Master"),
        ("why did the clickstream ingest fail", Intent.WHY, "pl-ingest-clickstream"),
        ("y did export2lake die", Intent.WHY, "Export2Lake"),
        ("error message of geolookup refresh please", Intent.WHY, "GeoLookup_Refresh"),
        ("warum ist StockLevels fehlgeschlagen", Intent.WHY, "StockLevels"),
        ("what happened to the forecast", Intent.WHY, "SalesForecast"),
        ("activity breakdown of StockLevels", Intent.DETAILS, "StockLevels"),
        ("did StockLevels load any data?", Intent.DETAILS, "StockLevels"),
        ("what activities failed in StockLevels", Intent.WHY, "StockLevels"),
        ("why did 'rerun all of it' fail", Intent.WHY, "rerun all of it"),
        ("When did the last run of StockLevels complete?", Intent.STATUS, "StockLevels"),
    ],
)
def test_a_pipeline_is_found_by_its_name_or_part_of_it(
    text: str, intent: Intent, name: str
) -> None:
    meant = understand(text, SHOP)
    assert (meant.intent, meant.found.one, meant.sure) == (intent, name, True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("status stcklevels", "StockLevels"),
        ("why did clikstream ingest fial", "pl-ingest-clickstream"),
        ("geolokup refresh state", "GeoLookup_Refresh"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven_and_known_as_one(text: str, name: str) -> None:
    meant = understand(text, SHOP)
    assert meant.found.one == name
    assert meant.found.how is MatchKind.SPELLING


def test_the_longest_name_that_stands_in_the_text_is_meant() -> None:
    assert (
        understand("status of LoadSales_Hourly_Replay", SHOP).found.one == "LoadSales_Hourly_Replay"
    )
    assert understand("status of LoadSales_Hourly", SHOP).found.one == "LoadSales_Hourly"


def test_a_word_that_several_names_share_stays_open() -> None:
    found = understand("why did sales fail", SHOP).found
    assert set(found.names) == {"LoadSales_Hourly", "LoadSales_Hourly_Replay", "SalesForecast"}


def test_the_base_name_is_meant_when_nothing_says_more() -> None:
    assert understand("is load sales ok", SHOP).found.one == "LoadSales_Hourly"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Show me all running pipelines", Intent.RUNNING),
        ("what is running", Intent.RUNNING),
        ("wat is runing right now", Intent.RUNNING),
        ("anything queued?", Intent.RUNNING),
        ("was läuft gerade", Intent.RUNNING),
        ("which pipelines failed last night", Intent.FAILURES),
        ("any failures?", Intent.FAILURES),
        ("What can you do?", Intent.HELP),
        ("help", Intent.HELP),
    ],
)
def test_questions_about_the_whole_factory_need_no_name(text: str, intent: Intent) -> None:
    meant = understand(text, SHOP)
    assert (meant.intent, meant.found.names, meant.sure) == (intent, (), True)


@pytest.mark.parametrize(
    "text",
    [
        "What's the weather in Oslo?",
        "write me a poem",
        "",
        "???",
        "lorem ipsum dolor sit amet",
        "42",
    ],
)
def test_what_is_no_question_about_pipelines_is_no_intent(text: str) -> None:
    meant = understand(text, SHOP)
    assert meant.intent is Intent.NOTHING
    assert not meant.sure


@pytest.mark.parametrize(
    "text", ["rerun StockLevels", "cancel it", "stop the trigger", "mute sales"]
)
def test_an_order_is_never_read_as_a_question(text: str) -> None:
    assert understand(text, SHOP).intent is Intent.ACT


def test_many_words_that_are_not_understood_take_the_sureness_away() -> None:
    meant = understand("StockLevels budget approval meeting agenda minutes", SHOP)
    assert not meant.sure


def test_a_run_id_is_taken_whole() -> None:
    meant = understand(f"why did run {RUN_ID} fail", SHOP)
    assert (meant.intent, meant.run_id) == (Intent.WHY, RUN_ID)


@pytest.mark.parametrize("said", ["abc123", "9d2e", "0f8fad5b-d9cb"])
def test_a_piece_of_a_run_id_is_told_from_a_run_id(said: str) -> None:
    meant = understand(f"error details for pipeline run {said}", SHOP)
    assert (meant.run_id, meant.bad_run_id) == (None, said)


def test_it_and_that_point_back_when_nothing_is_named() -> None:
    assert understand("why did it fail", SHOP).refers_back
    assert understand("is that still running?", SHOP).refers_back
    assert not understand("why did StockLevels fail", SHOP).refers_back


def test_the_nearest_names_are_offered_best_first() -> None:
    assert nearest("stok levls", SHOP, most=2)[0] == "StockLevels"


def test_a_factory_without_pipelines_finds_nothing() -> None:
    assert find_names(tokens_of("status of anything"), [], OrdinaryWords()).names == ()
