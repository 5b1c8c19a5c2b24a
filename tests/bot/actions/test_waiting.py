"""What waits for approval is handed over with the shift, as long as somebody may still press."""

from datetime import timedelta

from bot.actions.messages import waiting_entries
from bot.actions.proposal import LIFETIME
from tests.bot.actions.stage import CANCEL, NOW, RERUN, World


async def test_what_waits_is_listed_with_who_asked_and_for_how_long() -> None:
    world = World()
    bot = world.application()
    first = await bot.proposed(RERUN)
    await bot.proposed(CANCEL)
    places = {RERUN.factory}
    found = await waiting_entries(bot.proposals, places, NOW + timedelta(minutes=10))
    assert len(found) == 2
    assert {one.title for one in found} == {f"Rerun {RERUN.subject}", f"Cancel {CANCEL.subject}"}
    assert {one.detail for one in found} == {"asked for by Maya, to approve within 20 min"}
    await bot.press(first)
    found = await waiting_entries(bot.proposals, places, NOW)
    assert [one.title for one in found] == [f"Cancel {CANCEL.subject}"]
    assert not await waiting_entries(bot.proposals, places, NOW + LIFETIME)
    assert not await waiting_entries(bot.proposals, {"elsewhere"}, NOW)
