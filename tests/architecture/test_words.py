"""The field's own words are used; clashing words stay in their rooms, and house words die out."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.names import FILES, ROOT, counted_house_words, is_public_name, names_in

BANNED = re.compile(r"(?:^|_)(?:jobs?|notify|notifies|ir)(?:_|$)", re.IGNORECASE)
ALLOWED: Counter[str] = Counter(
    json.loads((Path(__file__).parent / "house_words.json").read_text(encoding="utf-8"))
)


def test_banned_words_name_nothing() -> None:
    assert [
        (str(file.relative_to(ROOT)), name)
        for file in FILES
        for name in names_in(file)
        if BANNED.search(name) and not is_public_name(name)
    ] == []


@pytest.mark.parametrize("name", ["adf_ir_status", "bot_notify", "ops_jobs", "ir_card"])
def test_tools_and_cards_are_named_as_their_users_know_them(name: str) -> None:
    assert BANNED.search(name)
    assert is_public_name(name)


@pytest.mark.parametrize("name", ["ir", "ir_status", "notify_room", "jobs", "card_ir", "my_adf_ir"])
def test_no_other_name_is_free(name: str) -> None:
    assert BANNED.search(name)
    assert not is_public_name(name)


def test_bare_activity_is_said_in_the_teams_room_only() -> None:
    bot, teams = ROOT / "bot", ROOT / "bot" / "teams"
    assert [
        (str(file.relative_to(ROOT)), name)
        for file in FILES
        if file.is_relative_to(bot) and not file.is_relative_to(teams)
        for name in names_in(file)
        if name in {"activity", "activities"}
    ] == []


def test_house_words_in_names_become_fewer_and_never_more() -> None:
    """Rename what is new; `python -m tests.architecture.names` writes down what became fewer."""
    more = {word: count for word, count in counted_house_words().items() if count > ALLOWED[word]}
    assert more == {}
