"""The JSON of an activity becomes our words; what the SDK would lose or spoil is kept."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import CardClick, Message, Scope
from bot.teams.activities import read_activity
from tests.doubles.teams import BOT, CHANNEL, GROUP, MENTION, TENANT, Client

NOW = datetime(2026, 3, 12, 3, 0, tzinfo=UTC)
MAYA = Client(service_url="https://smba.trafficmanager.net/emea")
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


def message(activity: dict[str, Any]) -> Message:
    read = read_activity(activity, NOW)
    assert isinstance(read, Message)
    return read


def test_a_channel_message_keeps_thread_room_tenant_and_zone() -> None:
    read = message(MAYA.in_channel("what is running"))
    assert read.address.scope is Scope.CHANNEL
    assert read.address.conversation == f"{CHANNEL};messageid=1700000000000"
    assert read.address.room == CHANNEL
    assert (read.address.tenant, read.zone) == (TENANT, "Europe/Berlin")
    assert read.at == datetime(2026, 3, 12, 2, 40, 0, 123456, tzinfo=UTC)
    assert read.address.service_url.endswith("/")


def test_only_the_mention_of_the_bot_is_taken_out_and_others_stay_as_names() -> None:
    activity = MAYA.in_channel("are the ADF Ops docs up to date, <at>Lee</at>?")
    lee = {"type": "mention", "text": "<at>Lee</at>", "mentioned": {"id": "29:lee"}}
    activity["entities"].append(lee)
    assert message(activity).text == "are the ADF Ops docs up to date, Lee?"


def test_a_mention_is_known_by_its_id_not_by_its_words() -> None:
    activity = MAYA.in_channel("hi <at>ADF Ops</at>")
    activity["entities"] = [MENTION | {"mentioned": {"id": "29:somebody", "name": "ADF Ops"}}]
    assert read_activity(activity, NOW) is None


@pytest.mark.parametrize("mark", ["ADF", "", "<at>ADF Ops", None, 7])
def test_an_unmarked_mention_takes_nothing_out_of_the_sentence(mark: object) -> None:
    activity = MAYA.personal("ADF Ops docs") | {"entities": [MENTION | {"text": mark}]}
    assert message(activity).text == "ADF Ops docs"


def test_a_marked_mention_with_an_id_is_taken_out() -> None:
    mark = '<at id="0">ADF Ops</at>'
    activity = MAYA.personal(f"{mark} why did A fail") | {"entities": [MENTION | {"text": mark}]}
    assert message(activity).text == "why did A fail"


def test_a_group_chat_is_read_like_a_channel() -> None:
    read = message(MAYA.in_group("what is running"))
    assert (read.address.scope, read.text) == (Scope.GROUP, "what is running")
    assert read.address.room == GROUP


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a&lt;b &amp;&#38; c &quot;d&quot;", 'a<b && c "d"'),
        ("x?a=1&copy=2&para=3", "x?a=1&copy=2&para=3"),
        ("&amp;lt;", "&lt;"),
        ("&unknown; &#xD800; &#0;", "&unknown; \ufffd \ufffd"),
        ("why\u200b did\ufeff A\u00ad\u2060 fail\x00", "why did A fail"),
        ("  \r\n\t why\u2003\u3000 ", "why"),
        ("\U0001f469\u200d\U0001f4bb läuft Zählung?", "\U0001f469\u200d\U0001f4bb läuft Zählung?"),
    ],
)
def test_words_are_read_as_the_person_saw_them(typed: str, read: str) -> None:
    assert message(MAYA.personal(typed)).text == read


def test_entities_and_blanks_are_read_as_typed() -> None:
    activity = MAYA.personal("why&nbsp;did A&amp;B\u00a0 fail\n now &lt;b&gt;")
    assert message(activity).text == "why did A&B fail now <b>"


def test_somebody_without_an_entra_id_is_known_by_the_channel_account() -> None:
    activity = MAYA.personal("hi")
    del activity["from"]["aadObjectId"]
    assert message(activity).speaker.person_id == "29:maya"


def test_a_long_text_is_cut() -> None:
    assert len(message(MAYA.personal("x" * 100_000)).text) == 4000


@pytest.mark.parametrize("value", [{"verb": "ask", "question": "why"}, {"question": "why"}])
def test_an_action_submit_is_a_click(value: dict[str, str]) -> None:
    read = read_activity(MAYA.submit(value), NOW)
    assert isinstance(read, CardClick)
    assert (read.verb, read.data["question"], read.on_message) == ("ask", "why", "message-1")


def test_words_typed_beside_a_value_are_words() -> None:
    assert message(MAYA.submit({"verb": "ask"}) | {"text": "hello"}).text == "hello"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2026-03-12T02:40:00Z", datetime(2026, 3, 12, 2, 40, tzinfo=UTC)),
        ("2026-03-12T02:40:00.1Z", datetime(2026, 3, 12, 2, 40, 0, 100_000, tzinfo=UTC)),
        ("2026-03-12T03:40:00.123456789+01:00", datetime(2026, 3, 12, 2, 40, 0, 123456, UTC)),
        ("2026-03-12T02:40:00", datetime(2026, 3, 12, 2, 40, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", NOW),
    ],
)
def test_times_are_read_whatever_their_fraction(sent: str, meant: datetime) -> None:
    assert message(MAYA.personal("hi") | {"timestamp": sent}).at == meant


def test_the_zone_of_the_client_serves_when_the_message_names_none() -> None:
    activity = MAYA.personal("hi")
    del activity["localTimezone"]
    assert message(activity).zone == "Europe/Berlin"


@pytest.mark.parametrize("key", ["id", "from", "conversation"])
def test_what_nobody_could_answer_is_not_taken(key: str) -> None:
    assert read_activity(MAYA.personal("hi") | {key: {}}, NOW) is None
    assert read_activity(MAYA.click("ask", {}) | {key: {}}, NOW) is None


@pytest.mark.parametrize("timestamp", [None, "nonsense", 7, ""])
def test_a_message_without_a_time_arrived_now(timestamp: object) -> None:
    assert message(MAYA.personal("hi") | {"timestamp": timestamp}).at == NOW


@pytest.mark.parametrize(
    "kind", ["typing", "messageReaction", "messageUpdate", "event", "endOfConversation", "x"]
)
def test_other_kinds_mean_nothing(kind: str) -> None:
    assert read_activity(MAYA.personal("hi") | {"type": kind}, NOW) is None


@pytest.mark.parametrize(
    "key", ["from", "recipient", "conversation", "channelData", "entities", "localTimezone"]
)
@pytest.mark.parametrize("value", [None, [], "x", 7, {"id": None}])
def test_odd_fields_break_nothing(key: str, value: object) -> None:
    read_activity(MAYA.in_channel("hi") | {key: value}, NOW)


FIELDS = [*MAYA.click("ask", {}), "text", "membersAdded", "action", "locale"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(
    base=st.sampled_from(
        [MAYA.in_channel("hi"), MAYA.click("ask", {}), MAYA.submit({"verb": "x"}), MAYA.joined()]
    ),
    changed=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4),
)
def test_whatever_is_sent_is_read_or_ignored_and_can_be_stored(
    base: dict[str, Any], changed: dict[str, Any]
) -> None:
    read = read_activity(base | changed, NOW)
    assert read is None or orjson.dumps(asdict(read))


def test_somebody_else_joining_is_no_arrival() -> None:
    joined = MAYA.personal("") | {"type": "conversationUpdate", "membersAdded": [{"id": "29:lee"}]}
    assert read_activity(joined, NOW) is None
    assert read_activity(joined | {"membersAdded": [BOT]}, NOW) is not None
