"""What words resemble decides where no code does, and never makes an error known."""

import json

import pytest

from adf.diagnosis import diagnose
from adf.diagnosis.decide import decide
from adf.diagnosis.knowledge import kinds
from adf.diagnosis.knowledge.classifier import FILE, classifier, features_of
from adf.diagnosis.knowledge.kinds import FOLDER
from adf.diagnosis.unwrap import peel
from tests.training.error_rows import digest, rows

UNFORESEEN = (
    "The integration user lost its licence to look at these records last night",
    "Packets to that machine vanish somewhere behind the second switch of the network",
)
WRAPPED = "ErrorCode={},'Type=X,Message={},Source=Y,'"


def test_the_weights_are_those_of_the_messages_beside_them() -> None:
    read = json.loads((FOLDER / FILE).read_text(encoding="utf-8"))
    assert read["digest"] == digest(list(rows())), "run python -m tests.training.errors"


def test_every_category_that_a_kind_has_can_be_told() -> None:
    every = {one for kind in kinds().values() for one in kind.categories.values()}
    assert set(classifier().categories) == every


@pytest.mark.parametrize("text", UNFORESEEN)
def test_words_are_likely_at_most(text: str) -> None:
    assert diagnose(text).confidence in {"likely", "unknown"}


def test_likelihoods_add_up_to_one_and_unknown_words_change_nothing() -> None:
    some = classifier().likelihoods(features_of("the login was refused", "", "2200", None))
    more = classifier().likelihoods(
        features_of("the login was refused", "", "2200", None) | {"r:qqzzq"}
    )
    assert sum(2.718281828**one for one in some.values()) == pytest.approx(1, abs=1e-4)
    assert more == some


@pytest.mark.parametrize("text", ["", "It", "It went wrong", "Zzq qqz xxw", "\x00\x00\x00\x00"])
def test_a_text_of_few_words_is_not_compared(text: str) -> None:
    assert diagnose(text).confidence == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "The moon is in the wrong phase",
        "The frobnicator of row 17 went sideways",
        "Lorem ipsum " * 9,
    ],
)
def test_words_that_no_message_had_tell_nothing(text: str) -> None:
    assert (diagnose(text).category, diagnose(text).confidence) == (None, "unknown")


def test_a_code_whose_words_speak_of_something_else_is_not_told_as_known() -> None:
    text = WRAPPED.format(
        "SqlInvalidColumnName",
        "The remote host refused the connection: no route to host, its port is behind a firewall",
    )
    assert diagnose(text).confidence == "likely"


def test_a_number_of_an_activity_is_known_only_where_the_words_agree() -> None:
    text = "Could not parse request object: expected key and value to be set for the parameters"
    assert diagnose(text, "3201").confidence == "likely"


def test_where_no_session_was_opened_a_resemblance_tells_nothing_else() -> None:
    text = WRAPPED.format(
        "SqlFailedToConnect", "the rows of the file have more values than the table has columns"
    )
    found = decide(peel(text), "2200", "")
    assert found is not None
    assert found.kind.connecting
