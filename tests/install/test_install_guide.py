"""The install guide: its sample is accepted, and the commands that did not work are gone."""

import re
from pathlib import Path

from bot.hosting.config_files import read_file

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_USED = re.compile(r"\$\{?([A-Z][A-Z_]*)\b")
_SET = re.compile(r"(?:^|\s)([A-Z][A-Z_]*)=")
GUIDE = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")


def test_the_sample_of_the_factories_file_is_accepted() -> None:
    read = read_file(ROOT / "deploy" / "factories.sample.json")
    assert [one.alias for one in read.factories] == ["prod"]
    assert len(read.people) == 2
    assert len(read.rooms) == 1


def test_commands_that_azure_cli_does_not_have_are_not_told() -> None:
    assert "az bot list" not in GUIDE
    assert not re.search(r'containerapp exec [^\n]*--command "[^"]* ', GUIDE)


def test_what_is_deleted_is_looked_for_where_it_is() -> None:
    assert re.search(r"role assignment delete [^\n]*--scope", GUIDE)
    assert re.search(r"role definition delete [^\n]*--resource-group", GUIDE)


def test_no_secret_stands_on_a_command_line() -> None:
    assert "appPassword=$SECRET" not in GUIDE
    assert not re.search(r"--[\w-]*(?:secret|password)[\w-]*[ =]\$", GUIDE)


def test_every_variable_is_set_before_it_is_used_and_not_after_it_was_unset() -> None:
    known, missing = {"NEW_VERSION", "RANDOM"}, list[str]()
    for part in re.split(r"[\n;]", "\n".join(_BLOCK.findall(GUIDE))):
        missing += [one for one in _USED.findall(part) if one not in known]
        known |= set(_SET.findall(part))
        known -= set(re.findall(r"\bunset (\w+)", part))
    assert missing == []
