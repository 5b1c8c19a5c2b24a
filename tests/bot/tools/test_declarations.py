"""What tools declare of themselves: whether they only read, what is shown while they run, help."""

from adf.tools import ADF_TOOLS
from bot.agents.mcp import LEARN_TOOLS
from bot.tools import HERE_TOOLS
from bot.tools.help import help_lines
from tests.bot.tools.read_only import READ_ONLY_TOOLS

ALL = (*ADF_TOOLS, *HERE_TOOLS, *LEARN_TOOLS)


def test_exactly_these_tools_only_read() -> None:
    assert {one.name for one in ALL if one.reads} == READ_ONLY_TOOLS


def test_every_tool_of_a_room_is_found_once() -> None:
    names = [one.name for one in ALL]
    assert sorted(names) == sorted({*names})
    assert {*names} - READ_ONLY_TOOLS == {
        "bot_forget_me",
        "bot_reset",
        "adf_preview_action",
        "adf_propose_action",
        "itsm_propose_ticket",
        "itsm_ticket",
        "ops_audit",
        "ops_ack",
        "ops_assign",
        "ops_bind",
        "ops_board",
        "ops_digest",
        "ops_incident",
        "ops_list_subscriptions",
        "ops_merge",
        "ops_mute",
        "ops_reopen",
        "ops_resolve",
        "ops_split",
        "ops_stop_board",
        "ops_stop_digest",
        "ops_subscribe",
        "ops_unmute",
        "ops_unsubscribe",
        "ops_write_up",
    }


def test_every_tool_says_what_is_shown_while_it_runs() -> None:
    for one in ALL:
        assert 0 < len(one.progress) <= 40, one.name
        assert not one.progress.endswith((".", "…")), one.name


def test_the_help_joins_examples_under_the_same_heading() -> None:
    lines = help_lines(ADF_TOOLS)
    headings = [line.partition(":")[0] for line in lines]
    assert len(headings) == len({*headings})
    assert {*headings} >= {
        "An error at hand",
        "Status",
        "Cause",
        "Inside one run",
        "Over time",
    }
    joined = (
        "Over time: “trend of <pipeline> in the last 7 days”, “compare with yesterday's run”, "
        "“has this error occurred before”."
    )
    assert joined in lines
