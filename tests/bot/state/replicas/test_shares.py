"""What the replicas of a fleet may use together is never more than the limit."""

import pytest

from bot.state.replicas import FleetShare


@pytest.mark.parametrize("limit", [7, 900])
@pytest.mark.parametrize("count", range(1, 12))
def test_the_shares_of_a_fleet_are_the_limit_at_most_and_the_watcher_has_half(
    limit: int, count: int
) -> None:
    leader, *others = (
        FleetShare(count=lambda: count, leads=lambda n=n: n == 0).of(limit) for n in range(count)
    )
    assert leader + sum(others) <= limit
    assert leader >= limit // 2
    assert leader + sum(others) >= limit - count


def test_while_nobody_leads_the_others_use_half_of_a_limit() -> None:
    shares = [FleetShare(count=lambda: 4, leads=lambda: False).of(900) for _ in range(4)]
    assert sum(shares) <= 900
