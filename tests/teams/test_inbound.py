"""The JSON of an activity becomes our words; what the SDK would lose or spoil is kept."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import CardClick, Message, Scope
from bot.teams.inbound import read_activity
from tests.doubles.teams import BOT, CHANNEL, TENANT, Client

NOW = datetime(2026, 3, 12, 3, 0, tzinfo=UTC)
MAYA = Client(service_url="https://smba.trafficmanager.net/emea")


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


def test_entities_and_blanks_are_read_as_typed() -> None:
    activity = MAYA.personal("why&nbsp;did A&amp;B\u00a0 fail\n now &lt;b&gt;")
    assert message(activity).text == "why did A&B fail now <b>"


def test_somebody_without_an_entra_id_is_known_by_the_channel_account() -> None:
    activity = MAYA.personal("hi")
    del activity["from"]["aadObjectId"]
    assert message(activity).speaker.person_id == "29:maya"


def test_a_long_text_is_cut() -> None:
    assert len(message(MAYA.personal("x" * 100_000)).text) == 4000


def test_an_action_submit_is_a_click() -> None:
    activity = MAYA.personal("") | {"value": {"verb": "ask", "question": "why"}}
    read = read_activity(activity, NOW)
    assert isinstance(read, CardClick)
    assert read.verb == "ask"


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


def test_somebody_else_joining_is_no_arrival() -> None:
    joined = MAYA.personal("") | {"type": "conversationUpdate", "membersAdded": [{"id": "29:lee"}]}
    assert read_activity(joined, NOW) is None
    assert read_activity(joined | {"membersAdded": [BOT]}, NOW) is not None
