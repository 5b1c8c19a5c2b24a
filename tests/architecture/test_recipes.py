"""The recipes of CONTRIBUTING are true: the files that they name, and only those, are enough.

The product and its tests are copied, the files of the recipe are written, and tests in the copy
show what came of it.
"""

import json
from pathlib import Path

import pytest

from tests.architecture.recipe_button import BUTTON
from tests.architecture.recipe_read_tool import READ_TOOL
from tests.architecture.recipes import Recipe, copy_tree, follow, named_in, passed, run

ROLE = "deploy/reader-role.json"
GOLDEN = "tests/cards/golden"
# The rooms that a tool or a button could break, the contracts of the layers, and the role.
TOUCHED = (
    *("tests/adf/test_client.py", "tests/adf/test_tool.py", "tests/adf/simulator/test_access.py"),
    *("tests/bot/mcp_server", "tests/bot/tools", "tests/bot/turns", "tests/bot/alerts"),
    *(
        "tests/bot/agents/model/test_tool_schemas.py",
        "tests/cards",
        "tests/architecture/test_layers.py",
    ),
    *("tests/architecture/test_rooms.py", "tests/architecture/test_words.py"),
    *("tests/install/test_deploy.py", "tests/install/test_doctor.py"),
)


@pytest.mark.timeout(900)
def test_a_new_tool_answers_everywhere_and_a_new_button_changes_the_cards_that_show_it(
    tmp_path: Path,
) -> None:
    copy_tree(tmp_path)
    tool, button = follow(READ_TOOL, tmp_path), follow(BUTTON, tmp_path)
    before = _golden_cards(tmp_path)
    run(tmp_path, "tests.cards.golden", "--update")
    after = _golden_cards(tmp_path)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    pressed = {f"incident_card{one}" for one in ("", "_acknowledged", "_runtime", "_ticket")}
    assert changed == {*pressed, "capture_card"}  # the card of the new tool is a sample too
    for name in pressed:
        assert [one for one in _verbs(after[name]) if one != "owner"] == _verbs(before[name])
        assert "owner" in _verbs(after[name])
    assert passed(tmp_path, str(tool), str(button), "tests/bot/turns/test_card_actions.py") > 10


@pytest.mark.parametrize("recipe", [READ_TOOL, BUTTON], ids=lambda one: one.title)
def test_a_recipe_names_exactly_the_files_that_it_touches(recipe: Recipe) -> None:
    assert {_place(one, recipe) for one in recipe.files} == named_in(recipe)
    # The gallery and the judges of cards are named by the recipe for a card.
    others = [one for one in recipe.tests if not one.startswith(("cards/", "tests/cards/"))]
    assert [one for one in others if f"`{one}`" not in recipe.text] == []


def test_a_read_tool_touches_five_files_and_the_role_and_a_button_two() -> None:
    assert len(READ_TOOL.files - {ROLE}) <= 5
    assert len(BUTTON.files) <= 2


@pytest.mark.prove
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("recipe", [READ_TOOL, BUTTON], ids=lambda one: one.title)
def test_after_a_recipe_the_whole_copy_is_in_order(recipe: Recipe, tmp_path: Path) -> None:
    copy_tree(tmp_path)
    follow(recipe, tmp_path)
    run(tmp_path, "tests.cards.golden", "--update")
    code = [one for one in recipe.files if one.endswith(".py")]
    run(tmp_path, "ruff", "check", *code)
    run(tmp_path, "ruff", "format", "--check", *code)
    run(tmp_path, "pyright", *code)
    assert passed(tmp_path, *TOUCHED) > 1000


def _place(file: str, recipe: Recipe) -> str:
    """A file as the recipe names it: what is new, or one of many, has the name NEW or CARD."""
    folder, _, name = file.rpartition("/")
    if file in recipe.new:
        return f"{folder}/NEW.{name.rpartition('.')[2]}"
    return f"{folder}/CARD.py" if folder == "cards/kinds" else file


def _golden_cards(tree: Path) -> dict[str, str]:
    return {one.stem: one.read_text(encoding="utf-8") for one in (tree / GOLDEN).glob("*.json")}


def _verbs(card: str) -> list[str]:
    """The verbs of the buttons of a card, in their order."""
    found: list[str] = []

    def keep(pairs: dict[str, object]) -> dict[str, object]:
        found.extend([str(pairs["verb"])] if "verb" in pairs else [])
        return pairs

    json.loads(card, object_hook=keep)
    return found
