"""The faults of adaptive-cards-py 0.4.3 that the extension works round, each beside its fix.

A test that fails here because the library was fixed is good news: the detour can go.
"""

import json

import adaptive_cards.card as ac
import pytest
from adaptive_cards.types import MSTeams, VerticalAlignment
from adaptive_cards.validation import CardValidatorFactory
from pydantic import ValidationError

from cards import extension as x
from cards.card import Card
from cards.components.graphs import bars, share
from cards.gallery.samples import drawn
from cards.gallery.typical import FAILURE
from cards.text import clean

HELLO = x.TextBlock(text="hello")


@pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince211")
def test_its_validator_refuses_cards_for_teams_so_it_is_not_used() -> None:
    card = ac.AdaptiveCard(body=[ac.TextBlock(text="a")], msteams=MSTeams(), version="1.5")
    found = CardValidatorFactory.create_validator_microsoft_teams().validate(card)
    assert "OK" not in repr(found).upper()
    assert drawn(FAILURE).content["msteams"] == {"width": "Full"}


def test_its_refresh_holds_no_real_action_and_ours_does() -> None:
    action = x.ActionExecute(title="Refresh", verb="look")
    refresh = {"action": action.model_dump(mode="json", exclude_none=True), "userIds": ["29:a"]}
    with pytest.raises(ValidationError):
        ac.AdaptiveCard.model_validate({"refresh": refresh})
    assert x.TeamsCard(body=[HELLO], refresh=refresh).to_dict()["refresh"] == refresh


def test_it_misnames_a_cards_vertical_alignment_and_ours_refuses_the_name() -> None:
    card = ac.AdaptiveCard(vertical_content_align=VerticalAlignment.CENTER)
    assert "verticalContentAlign" in card.to_dict()
    with pytest.raises(ValidationError):
        x.TeamsCard.model_validate({"body": [], "verticalContentAlignment": "center"})


def test_it_misnames_the_header_row_of_a_table_and_ours_does_not() -> None:
    assert "firstRowAsHeader" in ac.Table(first_row_as_header=True).model_dump(by_alias=True)
    ours = x.Table(first_row_as_headers=True).model_dump(by_alias=True, exclude_none=True)
    assert ours["firstRowAsHeaders"] is True


def test_it_writes_none_as_a_word_where_no_width_was_given() -> None:
    card = ac.AdaptiveCard(msteams=MSTeams(width=None))
    assert card.to_dict()["msteams"] in ({}, {"width": "None"})
    assert "msteams" not in x.TeamsCard(body=[HELLO]).to_dict()


def test_it_drops_what_a_subclass_adds_and_ours_keeps_it_at_any_depth() -> None:
    badge = x.Badge(text="new", style="Good", fallback=HELLO)
    inner = x.Container(items=[x.ColumnSet(columns=[x.Column(items=[badge])])])
    made = x.TeamsCard(body=[inner]).to_dict()
    column = made["body"][0]["items"][0]["columns"][0]
    assert column["items"][0]["style"] == "Good"


def test_it_ignores_arguments_it_does_not_know_and_ours_refuses_them() -> None:
    assert ac.TextBlock.model_validate({"text": "a", "colour": "red"}).text == "a"
    with pytest.raises(ValidationError):
        x.TextBlock.model_validate({"text": "a", "colour": "red"})


@pytest.mark.parametrize(
    "element", [x.Badge, x.Icon, x.CodeBlock, x.ChartGroupedBars, x.ChartStackedRow]
)
def test_an_element_only_teams_knows_is_refused_without_a_fallback(
    element: type[x.Element],
) -> None:
    given: dict[str, object] = {"text": "a", "name": "Info", "codeSnippet": "a", "title": "a"}
    names = {field.alias or name for name, field in element.model_fields.items()}
    fitting = {key: value for key, value in given.items() if key in names}
    with pytest.raises(ValidationError, match="fallback"):
        element.model_validate(fitting | ({"data": [{"x": 1}]} if "data" in names else {}))


def test_it_writes_a_mode_on_every_button_and_ours_only_for_the_menu() -> None:
    assert ac.ActionExecute(title="a").model_dump(exclude_none=True)["mode"] == "primary"
    assert "mode" not in x.ActionExecute(title="a").model_dump(exclude_none=True)


def test_it_takes_no_plain_names_to_toggle_and_ours_does() -> None:
    with pytest.raises(ValidationError):
        ac.ActionToggleVisibility.model_validate({"targetElements": ["more"]})
    assert x.ActionToggleVisibility(target_elements=["more"]).target_elements == ["more"]


def test_it_names_version_1_0_and_ours_always_1_5_and_the_schema() -> None:
    assert ac.AdaptiveCard().to_dict()["version"] == "1.0"
    made = x.TeamsCard(body=[HELLO]).to_dict()
    assert (made["$schema"], made["version"]) == (x.SCHEMA, x.VERSION)


@pytest.mark.parametrize("missing", ["$schema", "version"])
def test_a_card_that_does_not_name_its_language_never_leaves(missing: str) -> None:
    content = x.TeamsCard(body=[HELLO]).to_dict()
    del content[missing]
    with pytest.raises(ValueError, match="schema"):
        x.checked(content)


def test_a_lone_surrogate_breaks_its_json_and_clean_takes_it_out() -> None:
    broken = "half \ud83d"
    with pytest.raises(Exception, match="surrogate"):
        ac.TextBlock(text=broken).model_dump_json()
    assert json.dumps(clean(broken), ensure_ascii=False).encode()


def test_a_chart_without_data_is_not_drawn_at_all() -> None:
    assert share("nothing", []) == []
    assert bars("nothing", [], []) == []
    with pytest.raises(ValidationError):
        x.ChartGroupedBars(title="a", data=[], fallback="drop")


def test_two_drafts_never_share_a_card() -> None:
    first, second = drawn(FAILURE), drawn(FAILURE)
    assert isinstance(first, Card)
    assert first.content is not second.content
