"""Names that look like words of a question, and words that look like names or orders."""

import random
import re
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.conditions import events_in
from bot.agents.understanding.entities.filters import filters_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from bot.agents.understanding.vocabulary import respelled

NOW = datetime(2031, 8, 20, 6, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/Toronto")
# Names with words that leave out or deny something when nobody's name has them.
WITH_NEGATIONS = (
    *("zz_scratch_do_not_use", "Load_Without_Deletes", "Orders_Not_Shipped", "everything_but_gold"),
    *("Stock_Except_Returns", "PL_No_Show_Guests", "skip_me_later", "Claims_Minus_Reversals"),
)
QUESTIONS = (
    *("why did {} fail", "status of {}", "what is the cause of the latest {} failure?"),
    *("how long does {} take", "who waits for {}", "rerun {}"),
)


def read(text: str, *pipelines: str, factories: tuple[str, ...] = ("adf-shop-prod",)) -> Frame:
    return interpret(text, KnownNames(pipelines=pipelines, factories=factories), NOW, ZONE)


@pytest.mark.parametrize(("name", "question"), list(product(WITH_NEGATIONS, QUESTIONS)))
def test_a_negation_inside_a_name_leaves_nothing_out(name: str, question: str) -> None:
    slots = read(question.format(name), *WITH_NEGATIONS, "Sales").slots
    assert slots.pipelines == (name,)
    assert slots.excluded == ()


@pytest.mark.parametrize("name", WITH_NEGATIONS)
def test_such_a_name_can_still_be_left_out(name: str) -> None:
    slots = read(f"what failed today except {name}", *WITH_NEGATIONS, "Sales").slots
    assert name in slots.excluded
    assert slots.pipelines == ()


def slips_of(name: str, count: int, seed: int) -> list[str]:
    """A name with one letter left out, doubled or swapped, not at its beginning."""
    draw = random.Random(seed)
    made: list[str] = []
    for _ in range(count):
        at = draw.randrange(2, len(name) - 1)
        made.append(
            draw.choice(
                (
                    name[:at] + name[at + 1 :],
                    name[:at] + name[at] + name[at:],
                    name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
                )
            )
        )
    return made


@pytest.mark.parametrize("longer", ["_v2", "_Backfill", "_Old", "_DR", "_Full"])
@pytest.mark.parametrize("name", ["RestaurantMenuSync", "InvoiceExport", "WeighbridgeRecon"])
def test_a_slip_in_a_name_does_not_make_a_longer_one_of_it(name: str, longer: str) -> None:
    for said in slips_of(name, 12, seed=len(longer)):
        found = read(f"status of {said}", name, f"{name}{longer}", "Sales").slots.pipelines
        assert found in {(name,), ()}, said


@pytest.mark.parametrize(
    "what",
    [
        *("the current load", "the payment run", "the client import", "the recent batch"),
        *("this shipment job", "the content sync", "the event stream", "the patient feed"),
    ],
)
@pytest.mark.parametrize("end", ["is done", "is through", "has finished", "is ready", "is in"])
def test_a_word_that_ends_like_a_denial_is_none(what: str, end: str) -> None:
    assert events_in(f"tell me once {what} {end}", is_long=False, is_due=False) == ("finish",)


@pytest.mark.parametrize(
    "denied", ["isn't", "isnt", "is not", "hasn't been", "wasn't", "never gets"]
)
@pytest.mark.parametrize("what", ["the load", "the payment run", "orders"])
def test_a_denied_end_is_still_a_deadline(what: str, denied: str) -> None:
    assert "deadline" in events_in(f"tell us if {what} {denied} done", is_long=False, is_due=True)


@pytest.mark.parametrize(
    ("written", "filtered"),
    [
        *(("critcal", "critical"), ("criticla", "critical"), ("importnat", "critical")),
        *(("faield", "failed"), ("fialed", "failed"), ("borken", "failed"), ("crahsed", "failed")),
        *(("runninng", "running"), ("runing", "running")),
        *(("succeded", "succeeded"), ("sucessful", "succeeded")),
    ],
)
@pytest.mark.parametrize("text", ["{} ones only", "all {} pipelines", "which are {} today"])
def test_a_slip_in_a_filter_is_that_filter(written: str, filtered: str, text: str) -> None:
    assert getattr(filters_in(respelled(text.format(written))), filtered)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "my cancer appointment is at 5",
            "the stapler on my desk is jammed",
            "a mule is a hybrid",
        ),
        *("the returns desk is open", "our tickled customers", "he stepped on the muse"),
    ],
)
def test_a_strange_word_that_is_near_one_of_an_order_makes_none(text: str) -> None:
    frame = read(text, "Sales")
    assert not (frame.sure and frame.intent in ACTS)


@pytest.mark.parametrize(
    "lead", ["all right, then", "ok then,", "alright -", "sure, and then", "fine then"]
)
@pytest.mark.parametrize("order", ["please rerun {}", "rerun {}", "run {} again please"])
def test_assent_before_an_order_does_not_hide_it(lead: str, order: str) -> None:
    frame = read(f"{lead} {order.format('Sales')}", "Sales", "Stock")
    assert frame.intent is Intent.RERUN
    assert frame.slots.pipelines == ("Sales",)


ALIASES = ("adf-shop-prod", "adf-shop-uat")


@pytest.mark.parametrize("stage", ["stg", "dr", "sandbox", "emea", "old", "preview"])
@pytest.mark.parametrize(
    "text", ["status of Sales in {}", "rerun Sales of the factory {}", "what failed in {}"]
)
def test_what_is_written_like_our_factories_and_is_none_is_unknown(text: str, stage: str) -> None:
    place = read(text.format(f"adf-shop-{stage}"), "Sales", factories=ALIASES).slots.factory
    assert place.unknown == f"adf-shop-{stage}"


@pytest.mark.parametrize("alias", ALIASES)
def test_our_own_factories_are_known(alias: str) -> None:
    place = read(f"status of Sales in {alias}", "Sales", factories=ALIASES).slots.factory
    assert (place.alias, place.unknown) == (alias, None)


# Ends of names that no pipeline here has, written as names are.
_STRANGE_ENDS = ("ForecastMonthly", "_Rollup_Weekly", "OutboundQuotes", "Archive2031")
_OURS = ("StoreSales_Stream", "CustomerDataETL", "WarehouseStock_Import", "TaxRates_Refresh")


@pytest.mark.parametrize(
    ("ours", "end", "question"), list(product(_OURS, _STRANGE_ENDS, QUESTIONS[:3]))
)
def test_a_whole_name_is_never_taken_for_ours_by_its_beginning(
    ours: str, end: str, question: str
) -> None:
    first = next(word for word in re.findall("[A-Z][a-z]+", ours) if len(word) > 2)
    for word in (first, re.findall("[A-Z][a-z]+", ours)[1]):
        slots = read(question.format(f"{word}{end}"), *_OURS).slots
        assert slots.pipelines == (), word
        assert f"{word}{end}" in slots.unknown


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("StoreSale_Stream", "StoreSales_Stream"),
        ("Customer-Data", "CustomerDataETL"),
        ("CustmerDataETL", "CustomerDataETL"),
        ("TaxRate_Refresh", "TaxRates_Refresh"),
    ],
)
def test_a_name_that_is_shortened_or_misspelled_is_still_ours(said: str, meant: str) -> None:
    assert read(f"why did {said} fail", *_OURS).slots.pipelines == (meant,)
