"""The judge of live runs finds what is invented, and takes little that is true for an invention."""

from pathlib import Path

from tests.live.inventions import inventions
from tests.live.labeled import LABELED

MOST_FALSE_ALARMS = 3


def test_every_labeled_invention_is_found() -> None:
    assert len(LABELED) == 60
    missed = [said for said, truth, label in LABELED if label and not inventions(said, truth)]
    assert missed == []


def test_little_that_is_true_is_taken_for_an_invention() -> None:
    alarms = [
        (said, found)
        for said, truth, label in LABELED
        if not label and (found := inventions(said, truth))
    ]
    assert len(alarms) <= MOST_FALSE_ALARMS, alarms


def test_the_judge_shares_no_code_with_what_it_judges() -> None:
    text = Path(__file__).with_name("inventions.py").read_text(encoding="utf-8")
    assert "import bot" not in text
    assert "from bot" not in text
