"""Words and numbers as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.records import RangeKind, TimeRange
from cards.text import (
    brief,
    clean,
    clock,
    count,
    cut,
    duration,
    line,
    macro,
    md,
    names,
    over_range,
    range_words,
    say,
    span,
    when,
    within_range,
)

BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 3, 12, 1, 31, 12, 990_000, tzinfo=UTC)
ZW = "\u200c"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0 s"),
        (45, "45 s"),
        (61, "1 min 1 s"),
        (412, "6 min 52 s"),
        (1872, "31 min"),
        (3600, "1 h"),
        (5700, "1 h 35 min"),
        (90000, "1 d 1 h"),
        (172800, "2 d"),
        (-5, "0 s"),
    ],
)
def test_a_duration_is_said_in_the_two_units_that_matter(seconds: float, said: str) -> None:
    assert duration(timedelta(seconds=seconds)) == said


def test_an_unknown_duration_says_so() -> None:
    assert duration(None) == "unknown"


def test_a_macro_has_whole_seconds_and_z() -> None:
    assert macro(MOMENT) == "{{DATE(2026-03-12T01:31:12Z,SHORT)}} {{TIME(2026-03-12T01:31:12Z)}}"


def test_where_no_macro_is_read_the_zone_is_named() -> None:
    assert clock(MOMENT, BERLIN) == "02:31 CET"


def test_the_date_is_left_out_on_the_same_day_of_the_room() -> None:
    late = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)
    assert brief(late, MOMENT, BERLIN).startswith("{{TIME(")
    assert brief(late, MOMENT, ZoneInfo("UTC")).startswith("{{DATE(")
    assert "DATE" not in when(late, MOMENT, BERLIN)
    assert "DATE" not in span(late, MOMENT, MOMENT, BERLIN)
    assert span(late, MOMENT, MOMENT, ZoneInfo("UTC")).count("DATE") == 2


def test_a_length_up_to_now_is_said_in_hours_up_to_three_days() -> None:
    def long(hours: int) -> str:
        start = MOMENT - timedelta(hours=hours)
        asked = TimeRange(start=start, end=MOMENT, kind=RangeKind.LENGTH)
        return range_words(asked, MOMENT, BERLIN)

    assert (long(24), long(48), long(168)) == ("last 24 h", "last 48 h", "last 7 days")


def test_a_range_that_has_ended_is_never_called_the_last_hours() -> None:
    asked = TimeRange(start=MOMENT - timedelta(hours=2), end=MOMENT)
    assert "last" not in range_words(asked, MOMENT, BERLIN)
    assert "last" not in within_range(asked, MOMENT, BERLIN)
    assert "last" not in over_range(asked, MOMENT, BERLIN)


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("*b* _i_", r"\*b\* \_i\_"),
        ("[a](http://e)", rf"\[a\](http:{ZW}/{ZW}/e\)"),
        ("![p](x)", rf"!{ZW}\[p\](x\)"),
        ("<at>x</at>", f"<{ZW}at>x<{ZW}/at>"),
        ("{{DATE(x)}}", rf"{{{ZW}{{DATE(x\)}}}}"),
        ("&lt;", f"&{ZW}lt;"),
        ("# h", f"#{ZW} h"),
        ("1. one", f"1{ZW}. one"),
        ("`c`", "ˋcˋ"),
        ("a\n\n- b", "a - b"),
        ("www.e.com", f"w{ZW}ww.e.com"),
        ("a@b.c", f"a@{ZW}b.c"),
    ],
)
def test_markdown_in_foreign_text_is_stopped(foreign: str, shown: str) -> None:
    assert md(foreign).replace(ZW, "") == shown.replace(ZW, "")
    assert (ZW in md(foreign)) == (ZW in shown)


def test_our_own_words_are_not_escaped_twice() -> None:
    assert say("{} and {}", md("a_b"), "c_d") == r"a\_b and c\_d"


def test_controls_bidi_overrides_and_piled_marks_are_taken_out() -> None:
    assert clean("a\u202eb\u0000c\u200bd\x9f") == "abcd"
    assert len(clean("a" + "\u0301" * 50)) == 4
    assert clean("a\r\nb\u2028c") == "a\nb\nc"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert line("a \n  b") == "a b"


def test_numbers_and_lists_of_names_are_said_in_words() -> None:
    assert (count(1, "run"), count(1204, "run")) == ("1 run", "1,204 runs")
    assert names(["a", "b", "c"], 2) == "a, b and 1 more"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.com",
            "a.b.evil.net",
            "evil.co.uk",
            "EVIL.COM",
            "pay.evil.xyz",
            "evil.io",
            "x.example",
        ),
        *(
            "x.z6.web.core.windows.net",
            "contoso.sharepoint.com",
            "evil.com:8443",
            "evil.zone/login",
        ),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Cannot reach {}. Try again", "({})", "'{}',", "a {} b"])
def test_no_client_can_guess_a_link_behind_the_bare_name_of_a_host(host: str, around: str) -> None:
    said = md(around.format(host))
    assert host not in said
    assert host in said.replace(ZW, "")


@pytest.mark.parametrize(
    "text",
    [
        "orders.csv",
        "a/b.parquet",
        "Microsoft.DataTransfer.Common.Shared",
        "10.0.0.4",
        "dbo.Orders",
        "v1.2",
    ],
)
def test_what_is_no_host_stays_as_it_is(text: str) -> None:
    assert ZW not in md(text)
