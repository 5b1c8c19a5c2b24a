"""The factories file is read whole, or refused with one line that names the place."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.access.policy import DeclaredRoles, Role
from bot.hosting.config_files import WrongFile, read_file
from bot.state.rooms import Binding
from bot.state.summaries import DeclaredSummary
from bot.state.summary_times import SummaryTimes

OPAL = "aaaaaaaa-0000-4000-8000-000000000001"
PROD = {"subscription": "s", "resource_group": "rg", "name": "adf-prod"}
WHOLE: dict[str, Any] = {
    "default": "prod",
    "factories": {"prod": PROD, "uat": PROD},
    "people": {OPAL: {"name": "Opal", "roles": {"prod": "operator", "uat": "reader"}}},
    "rooms": {"19:c@thread.tacv2": {"factory": "prod", "zone": "Europe/Berlin"}},
}


def written(folder: Path, **changed: object) -> Path:
    file = folder / "factories.json"
    file.write_text(json.dumps({**WHOLE, **changed}), encoding="utf-8")
    return file


def test_people_and_rooms_are_read(tmp_path: Path) -> None:
    read = read_file(written(tmp_path))
    roles = {"prod": Role.OPERATOR, "uat": Role.READER}
    assert read.people == {OPAL: DeclaredRoles(name="Opal", roles=roles)}
    bound = Binding(factory="prod", zone="Europe/Berlin", by="the settings")
    assert read.rooms == {"19:c@thread.tacv2": bound}
    assert [one.alias for one in read.factories] == ["prod", "uat"]


def test_groups_and_roles_of_azure_give_roles_by_their_ids(tmp_path: Path) -> None:
    given = {
        "groups": {OPAL.upper(): "operator"},
        "azure_roles": {"Reader": "reader", OPAL: "operator"},
    }
    read = read_file(written(tmp_path, factories={"prod": {**PROD, **given}, "uat": PROD}))
    assert read.directory.groups == {"prod": {OPAL: Role.OPERATOR}}
    reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    assert read.directory.azure == {"prod": {reader: Role.READER, OPAL: Role.OPERATOR}}
    assert read.directory
    assert not read_file(written(tmp_path)).directory


@pytest.mark.parametrize(
    "given",
    [{"groups": {"On call": "operator"}}, {"azure_roles": {"Operator": "operator"}}],
    ids=str,
)
def test_a_group_or_a_role_that_is_none_is_refused(given: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=rf"factories\.prod\.{next(iter(given))}"):
        read_file(written(tmp_path, factories={"prod": {**PROD, **given}, "uat": PROD}))


def test_people_and_rooms_may_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "factories.json"
    file.write_text(json.dumps({"default": "p", "factories": {"p": PROD}}), encoding="utf-8")
    assert read_file(file).default == "p"
    assert (read_file(file).people, read_file(file).rooms) == ({}, {})


def test_a_room_may_have_a_summary(tmp_path: Path) -> None:
    room = {"factory": "prod", "summary": {"at": "7:30", "days": "mon, fri"}}
    read = read_file(written(tmp_path, rooms={"19:c": {**room, "zone": "Europe/Berlin"}}))
    times = SummaryTimes(at="07:30", days=(0, 4), zone="Europe/Berlin")
    assert read.summaries == {"19:c": DeclaredSummary(factory="prod", times=times)}


def test_a_room_may_have_a_live_board(tmp_path: Path) -> None:
    rooms = {"19:c": {"factory": "prod", "board": True}, "19:d": {"factory": "uat"}}
    assert read_file(written(tmp_path, rooms=rooms)).boards == {"19:c": "prod"}


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"people": {"opal@contoso.com": {"name": "O"}}}, "people.opal@contoso.com: not an Entra"),
        ({"people": {OPAL: {"name": ""}}}, f"people.{OPAL}.name"),
        ({"people": {OPAL: {"name": "O", "roles": {"prod": "owner"}}}}, f"{OPAL}.roles.prod"),
        ({"people": {OPAL: {"name": "O", "roles": {"dev": "reader"}}}}, f"{OPAL}.roles.dev"),
        ({"people": {OPAL: {"name": "O", "role": "reader"}}}, f"people.{OPAL}.role"),
        ({"rooms": {"19:c": {"factory": "dev"}}}, "rooms.19:c.factory: dev is not in factories"),
        ({"rooms": {"19:c": {"factory": "prod", "zone": "Mars/One"}}}, "rooms.19:c.zone: Mars/One"),
        ({"rooms": {"19:c;messageid=1": {"factory": "prod"}}}, "without ;messageid="),
        ({"rooms": {"19:c": {}}}, "rooms.19:c.factory"),
        ({"rooms": {"19:c": {"factory": "prod", "summary": {"at": "25:00"}}}}, "summary.at"),
        ({"rooms": {"19:c": {"factory": "prod", "summary": {"days": "x"}}}}, "summary.days"),
        ({"rooms": {"19:c": {"factory": "prod", "board": "often"}}}, "rooms.19:c.board"),
        ({"default": "dev"}, "default dev is not in factories"),
        ({"factories": {"prod": PROD, "a/b": PROD}}, "factories.a/b"),
        ({"poeple": {}}, "poeple"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_place(
    changed: dict[str, object], place: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongFile) as wrong:
        read_file(written(tmp_path, **changed))
    assert place in str(wrong.value)
    assert str(wrong.value).startswith("ADFOPS_FACTORIES: ")
    assert "\n" not in str(wrong.value)


def test_a_file_that_is_not_there_or_no_json_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="cannot read"):
        read_file(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(WrongFile, match="is not JSON"):
        read_file(tmp_path / "bad.json")
