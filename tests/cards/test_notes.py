"""What an answer says beside its records stands on the card: an assumption, what was left out."""

from cards.gallery.samples import TYPICAL
from cards.text_rendering import read_card
from tests.cards.test_first_cards import BERLIN, drawn

NOTE = "Assuming you mean OrdersSilver."
# What is posted by itself, shown beside an answer, or waits for a press, answers no question.
NO_ANSWERS = (
    *("approval_card", "board_card", "condition_card", "confirm_card", "digest_card"),
    *("ticket_proposal", "trace_card", "write_up_card"),
)


def test_the_card_of_every_answer_shows_its_note() -> None:
    without = [
        name
        for name, record in TYPICAL.items()
        if not name.startswith(NO_ANSWERS)
        and NOTE not in read_card(drawn(record, NOTE).content, BERLIN).text
    ]
    assert without == []
