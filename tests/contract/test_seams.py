"""Whoever runs the simulator can answer in its place and see what was asked."""

import aiohttp
from aiohttp import web

from adf.simulator import arm_requests, load_world, make_simulator
from tests.adf.simulator.worlds import WORLD
from tests.contract.test_bodies import BASE, BEARER, VERSION


async def test_a_hook_answers_before_the_simulator_does() -> None:
    async def throttle(request: web.Request) -> web.StreamResponse | None:
        wanted = request.path.endswith("/pipelines")
        return web.Response(status=429, headers={"Retry-After": "1"}) if wanted else None

    app = make_simulator(load_world(WORLD), before=throttle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url, headers=BEARER) as session:
        async with session.get(f"{BASE}/pipelines", params=VERSION) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
            assert answer.headers["x-ms-request-id"]
        async with session.get(BASE, params=VERSION) as answer:
            assert answer.status == 200
    await runner.cleanup()
    assert [one.status for one in arm_requests(app)] == [429, 200]
