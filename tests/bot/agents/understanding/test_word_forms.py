"""Names said in another form of their words, and words of names that are said as ordinary ones."""

from itertools import product

import pytest

from bot.agents.understanding.entities.ordinary_words import ordinary_words
from bot.agents.understanding.entities.pipelines import find_names
from bot.agents.understanding.text import plain_words

# What a name has, and how people say it.
FORMS = (
    *(("Adjudicate", "adjudication"), ("Consolidate", "consolidating"), ("Allocation", "allocate")),
    *(("Expiry", "expiring"), ("Accrual", "accruals"), ("Settle", "settlement")),
    *(("Classify", "classification"), ("Serialize", "serialised"), ("Reconcile", "reconciliation")),
)
SHORT = (("Mbr", "member"), ("Pmt", "payments"), ("Stmt", "statements"), ("Clm", "claims"))
OTHERS = ("Warehouse_Snapshot", "PL_Kiln_Sensors", "Ferry Timetable Sync", "dw.Parcels.Sort")
QUESTIONS = ("why did {} die", "status of the {} job", "{} kaputt?", "how long does {} take")


def named(text: str, *names: str) -> tuple[str, ...]:
    return find_names(plain_words(text), names, ordinary_words()).names


@pytest.mark.parametrize(("known", "said"), [*FORMS, *SHORT[:3]])
def test_another_form_of_a_word_finds_the_name(known: str, said: str) -> None:
    name = f"PL_{known}_Quota"
    wrong = [one for one in QUESTIONS if named(one.format(said), name, *OTHERS) != (name,)]
    assert wrong == []


@pytest.mark.parametrize(("known", "said"), [*FORMS, *SHORT])
def test_a_form_beside_a_word_of_the_name_tells_two_names_apart(known: str, said: str) -> None:
    names = f"{known}_Harbor", "Harbor_Lights"
    wrong = [
        one
        for one, both in product(QUESTIONS, (f"harbor {said}", f"{said} harbor"))
        if named(one.format(both), *names) != names[:1]
    ]
    assert wrong == []


def test_the_short_form_of_a_word_finds_the_name_that_has_it_in_full() -> None:
    wrong = {
        short: found
        for short, known in SHORT
        if (found := named(f"why did {short.lower()} quota die", f"{known}_Quota", *OTHERS))
        != (f"{known}_Quota",)
    }
    assert wrong == {}


def test_words_that_only_begin_alike_are_no_forms_of_one_another() -> None:
    pairs = (("Customs", "customers"), ("Portal", "porter"), ("Planets", "planners"))
    assert [said for known, said in pairs if named(f"{said} are angry", f"{known}_Feed")] == []


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Month", "how did it go last month"),
        ("Month", "what did this cost us so far this month"),
        ("Way", "is there a way to see what failed"),
        ("Way", "any way to stop these alerts"),
        ("Dashboard", "put a live dashboard here"),
    ],
)
def test_a_word_in_its_usual_place_is_no_name(word: str, said: str) -> None:
    assert named(said, f"Kiln_{word}_Ledger", *OTHERS) == ()


@pytest.mark.parametrize("word", ["Month", "Way", "Board", "Dashboard", "Sales", "Orders"])
def test_the_same_word_is_one_where_names_stand(word: str) -> None:
    name = f"Kiln_{word}_Ledger"
    said = (
        f"why did kiln {word.lower()} fail",
        f"status of {name}",
        f"{word.lower()} ledger broken?",
    )
    assert [one for one in said if named(one, name, *OTHERS) != (name,)] == []


def test_a_clause_about_something_else_names_no_second_pipeline() -> None:
    names = "Ferry_Timetable_Sync", "passenger_manifest_build"
    said = "ferry timetable lags, every passenger sees yesterday's hours"
    assert named(said, *names) == names[:1]
    assert set(named("ferry timetable sync, passenger manifest", *names)) == set(names)
    assert set(named("rerun ferry timetable and passenger", *names)) == set(names)


def test_an_acronym_spoken_letter_by_letter_is_found() -> None:
    assert named("did the g s t return go out", "PL_GST_RETURN", *OTHERS) == ("PL_GST_RETURN",)
