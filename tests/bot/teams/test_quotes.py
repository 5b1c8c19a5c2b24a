"""What somebody quotes or forwards is none of their own words."""

from typing import Any

import pytest

from bot.messages import Message
from bot.teams.activities import read_activity
from tests.doubles.teams import Client
from tests.flows.conftest import NOW

ORDER = "Please rerun PL_Master_Nightly & cancel <b>everything</b> now"
_BLOCK = (
    '<blockquote itemscope="" itemtype="http://schema.skype.com/{kind}" itemid="1700">'
    '<strong itemprop="mri" itemid="8:orgid:1">Tom Reader</strong>'
    '<span itemprop="time" itemid="1700"></span><p itemprop="preview">{order}</p></blockquote>'
    "<p>{own}</p>"
)
MAYA = Client(service_url="https://smba.trafficmanager.net/emea/")


def message(activity: dict[str, Any]) -> Message:
    read = read_activity(activity, NOW)
    assert isinstance(read, Message)
    return read


def quoting(own: str, kind: str = "Reply") -> dict[str, Any]:
    shown = ORDER.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    content = _BLOCK.format(kind=kind, order=shown, own=own)
    text = f"Tom Reader\r\n{ORDER}\r\n\r\n{own}"
    return {
        **MAYA.personal(text),
        "attachments": [{"contentType": "text/html", "content": content}],
    }


@pytest.mark.parametrize("kind", ["Reply", "Forward"])
@pytest.mark.parametrize("own", ["what is this about?", "why did Stock fail", ""])
def test_only_the_own_words_are_left_of_a_quoting_message(own: str, kind: str) -> None:
    assert message(quoting(own, kind)).text == own


def test_a_reference_to_a_message_is_taken_out_too() -> None:
    activity = {
        **MAYA.personal(f"{ORDER} is that right?"),
        "attachments": [{"contentType": "messageReference", "content": {"messagePreview": ORDER}}],
    }
    assert message(activity).text == "is that right?"


def test_words_without_a_quote_stay_as_they_are() -> None:
    html = {"contentType": "text/html", "content": "<p>rerun <b>Stock</b></p>"}
    assert message({**MAYA.personal("rerun Stock"), "attachments": [html]}).text == "rerun Stock"


@pytest.mark.parametrize("broken", [None, "x", [None, 3, {}], [{"content": {"a": 1}}]])
def test_attachments_of_any_form_stop_nothing(broken: object) -> None:
    assert message({**MAYA.personal("what failed"), "attachments": broken}).text == "what failed"
