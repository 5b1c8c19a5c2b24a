"""A person types in the Teams-like page of the demo, and the right cards appear.

Needs Chromium and the Agents Playground in `.dev/`: skipped without them, failing in CI.
"""

import asyncio
import contextlib
import os
import re
import shutil
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

import app
from bot.hosting.settings import process_environment
from bot.teams.local.playground import config, installed, running
from tests.doubles.tickets.servicenow import PASSWORD, USER, ServiceNowDouble

ROOT = Path(__file__).parents[2]
# InventorySnapshot runs every minute, for twenty seconds.
AFTER_THE_NEXT_RUN = timedelta(minutes=3)
PICTURES = ROOT / "out" / "browser"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
IN_CI = os.environ.get("CI") == "true"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--host-resolver-rules=MAP?*?~NOTFOUND?,?EXCLUDE?localhost?,?EXCLUDE?127.0.0.1"
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.timeout(240),
    pytest.mark.skipif(
        not IN_CI and not (CHROMIUM and installed(ROOT / ".dev")),
        reason="needs Chromium, and the Playground that `make demo` fetches",
    ),
]


@pytest.fixture
async def service_now() -> AsyncGenerator[ServiceNowDouble]:
    """A ticket system on this machine, with a page for each ticket."""
    async with ServiceNowDouble().running() as double:
        yield double


@pytest.fixture
def tickets(service_now: ServiceNowDouble) -> Mapping[str, str]:
    """Settings that lead to the ticket system."""
    return {
        "ADFOPS_TICKETS": "servicenow",
        "ADFOPS_TICKETS_URL": service_now.url,
        "ADFOPS_TICKETS_USER": USER,
        "ADFOPS_TICKETS_SECRET": PASSWORD,
    }


@pytest.fixture
async def demo(tickets: Mapping[str, str]) -> AsyncGenerator[str]:
    """The demo as a user starts it; gives the address of the page."""
    words = ("app.py", "demo", "--port", "0", "--playground-port", "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env={**process_environment(), **tickets},
    )
    try:
        async with asyncio.timeout(90):
            yield await _address(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    async for line in process.stdout or ():
        found = re.search(rb"Open (http://localhost:\d+)", line)
        if found:
            return found.group(1).decode()
    raise RuntimeError("the demo ended before it told its address")


class DemoClock:
    """The time of day, and how far it was put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> DemoClock:
    """The time of a demo whose next run a test need not wait for."""
    return DemoClock()


@pytest.fixture
async def clocked_page(
    clock: DemoClock, tickets: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Page]:
    """The same page on a demo that lives by the clock of the test."""
    for name, value in tickets.items():
        monkeypatch.setenv(name, value)
    start = installed(ROOT / ".dev")
    assert start is not None
    async with (
        app.demo_bot(0, clock=clock) as endpoint,
        running(start, endpoint, 0, config("ADF Ops"), process_environment()) as address,
        opened(address) as page,
    ):
        yield page


@pytest.fixture
async def page(demo: str) -> AsyncGenerator[Page]:
    """The Playground's page in headless Chromium."""
    async with opened(demo) as page:
        yield page


@asynccontextmanager
async def opened(address: str) -> AsyncGenerator[Page]:
    """A page in a browser of its own."""
    flags = [flag.replace("?", " ") for flag in FLAGS.split(" ")]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = await browser.new_page(viewport={"width": 1280, "height": 1000})
        await page.goto(address)
        yield page
        await browser.close()


async def picture(page: Page, name: str) -> None:
    """Keep a screenshot for people to look at."""
    await asyncio.to_thread(PICTURES.mkdir, parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png")


async def post_in_channel(page: Page, text: str) -> None:
    """Begin a thread in the channel with words to the bot."""
    await page.get_by_role("treeitem", name="Data Platform - Data incidents").click()
    box = page.locator("[contenteditable][role=textbox]").first
    await box.click()
    await page.keyboard.type("@")
    await page.get_by_role("menuitem", name="ADF Ops").first.click()
    await page.keyboard.type(f" {text}")
    await page.get_by_role("button", name="Post").first.click()


async def test_questions_are_answered_in_the_personal_chat_and_in_the_channel(page: Page) -> None:
    await page.get_by_role("treeitem", name="Personal Chat").click()
    box = page.locator("[contenteditable][role=textbox]").first
    await box.fill("Why did CustomerDataETL fail?")
    await box.press("Enter")
    await expect(page.get_by_text("CustomerKey").first).to_be_visible(timeout=15_000)
    await expect(page.get_by_text("Copy_CRM_Customers").first).to_be_visible()
    await picture(page, "why_personal")
    await post_in_channel(page, "what is running")
    await expect(page.get_by_text("ProcessOrders").first).to_be_visible(timeout=15_000)
    await expect(page.get_by_text(re.compile("queued", re.IGNORECASE)).first).to_be_visible()
    await picture(page, "running_channel")


async def test_a_failure_appears_by_itself_has_a_ticket_is_acknowledged_and_turns_green(
    clocked_page: Page, clock: DemoClock, service_now: ServiceNowDouble
) -> None:
    page = clocked_page
    await post_in_channel(page, "tell us when anything fails")
    # A reply that comes at once is not always drawn there; the alert shows that it is set.
    acknowledge = page.get_by_role("button", name="Acknowledge").first
    await expect(acknowledge).to_be_visible(timeout=60_000)
    await expect(page.get_by_text("InventorySnapshot failed").first).to_be_visible()
    await picture(page, "alert")
    await open_ticket(page, service_now)
    await acknowledge.click()
    await expect(page.get_by_text(re.compile("Acknowledged by")).first).to_be_visible()
    await picture(page, "alert_acknowledged")
    clock.ahead += AFTER_THE_NEXT_RUN
    await expect(page.get_by_text(re.compile("Resolved")).first).to_be_visible(timeout=60_000)
    await picture(page, "alert_resolved")


def part_of(page: Page, words: str) -> Locator:
    """Words that stand on the page, the newest of them."""
    return page.get_by_text(re.compile(words)).last


async def press_form(page: Page, title: str) -> None:
    """Unfold a form of the newest card and send it as it is filled in."""
    await press_in_menu(page, title)
    await page.get_by_role("button", name=title, exact=True).first.click()


@pytest.mark.prove
async def test_a_whole_incident_is_told_taken_given_muted_and_recovers(page: Page) -> None:
    await post_in_channel(page, "tell us when anything fails")
    # A reply that comes at once is not always drawn there; the alert shows that it is set.
    subscribed = asyncio.get_running_loop().time()
    acknowledge = page.get_by_role("button", name="Acknowledge").first
    await expect(acknowledge).to_be_visible(timeout=60_000)
    waited = asyncio.get_running_loop().time() - subscribed
    await picture(page, "incident_1_failed")
    await acknowledge.click()
    await expect(part_of(page, "Acknowledged by")).to_be_visible()
    await picture(page, "incident_2_acknowledged")
    await post_in_channel(page, "assign INC-1 to me")
    await expect(part_of(page, "Assigned to")).to_be_visible(timeout=15_000)
    await picture(page, "incident_3_assigned")
    await press_form(page, "Mute")
    await expect(part_of(page, "Muted until")).to_be_visible(timeout=15_000)
    await picture(page, "incident_4_muted")
    await expect(part_of(page, "Resolved")).to_be_visible(timeout=120_000)
    await picture(page, "incident_5_recovered")
    print(f"told {waited:.1f} s after subscribing")


async def open_ticket(page: Page, service_now: ServiceNowDouble) -> None:
    """Propose a ticket from the alert, open it, and find it on the alert and in its system."""
    await press_in_menu(page, "Ticket…")
    propose = page.get_by_role("button", name="Open ticket").first
    await expect(propose).to_be_visible(timeout=20_000)
    await propose.scroll_into_view_if_needed()
    await picture(page, "ticket_proposed")
    assert service_now.tickets == []
    await propose.click()
    await expect(page.get_by_text("Ticket INC0010001 in ServiceNow").first).to_be_visible(
        timeout=20_000
    )
    await expect(page.get_by_text(re.compile(r"in ServiceNow · New")).first).to_be_visible(
        timeout=30_000
    )
    stands = page.get_by_text("Ticket INC0010001 in ServiceNow").first
    await stands.scroll_into_view_if_needed()
    await picture(page, "ticket_opened")
    await page.get_by_text(re.compile(r"in ServiceNow · New")).first.scroll_into_view_if_needed()
    await picture(page, "alert_with_ticket")
    assert len(service_now.tickets) == 1
    async with page.context.expect_page() as opening:
        await page.get_by_role("link", name="Show ticket").first.click()
    there = await opening.value
    await expect(there.locator("h1")).to_contain_text("INC0010001 INC-")
    await there.screenshot(path=PICTURES / "ticket_page.png")


async def press_in_menu(page: Page, title: str) -> None:
    """Press a button of the newest card, which may stand in its overflow menu."""
    button = page.get_by_role("button", name=title).first
    if not await button.is_visible():
        more = re.compile(r"^(?:more options|…|\.\.\.)$", re.IGNORECASE)
        await page.get_by_role("button", name=more).first.click()
        button = page.get_by_text(title, exact=True).first
    await button.click()


@pytest.mark.prove
async def test_a_rerun_is_proposed_approved_and_followed_until_it_succeeds(page: Page) -> None:
    await post_in_channel(page, "tell us when anything fails")
    # A reply that comes at once is not always drawn there; the alert shows that it is set.
    await expect(page.get_by_text("InventorySnapshot failed").first).to_be_visible(timeout=90_000)
    await page.get_by_role("button", name="Rerun…").first.click()
    await expect(page.get_by_text("What will happen").first).to_be_visible(timeout=20_000)
    await expect(page.get_by_text(re.compile("Rerun InventorySnapshot")).first).to_be_visible()
    await page.get_by_text("What will happen").first.scroll_into_view_if_needed()
    await picture(page, "rerun_proposed")
    await approve_rerun(page)
    await picture(page, "rerun_running")
    title = re.compile("InventorySnapshot succeeded")
    green = page.get_by_role("heading", name=title).first
    await expect(green).to_be_visible(timeout=120_000)
    await expect(page.get_by_text(re.compile("approved by")).first).to_be_visible()
    await green.scroll_into_view_if_needed()
    await picture(page, "rerun_green")


async def approve_rerun(page: Page) -> None:
    """Approve it; shown anew, as a run of the schedule began or ended meanwhile, approve that."""
    approve = page.get_by_role("button", name=re.compile("^Rerun from|^Rerun it|^Rerun$")).first
    approved = page.get_by_text(re.compile("approved by")).first
    for _ in range(3):
        await approve.click()
        with contextlib.suppress(AssertionError):
            await expect(approved).to_be_visible(timeout=8_000)
            return
    await expect(approved).to_be_visible()


# A night in twelve questions, and what stands on the right answer.
NIGHT = (
    ("is this real data?", "this is a simulated factory"),
    ("who am I", "You are Maya Ortiz"),
    ("how are things looking", "adf-demo: 3 pipelines failed"),
    ("why did CustomerDataETL fail", "NULL in a required column"),
    ("why did nightly fail", "12 of 14 items succeeded"),
    ("why is ProcessOrders queued", "allows 1 run at a time"),
    ("did anything not run", "TaxRates_Refresh did not run"),
    ("is the data of SupplierPrices_Load complete", "0 rows copied, usually"),
    ("are the integration runtimes up", "shir-wms-02"),
    ("who owns CustomerDataETL", "owner priya"),
    ("who waits for CustomerDataETL", "ExportToPowerBI"),
    ("will everything be done in time", "deadlines"),
)


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_a_first_night_from_the_alert_to_green_and_twelve_questions(page: Page) -> None:
    await post_in_channel(page, "tell us when anything fails")
    acknowledge = page.get_by_role("button", name="Acknowledge").first
    await expect(acknowledge).to_be_visible(timeout=60_000)
    await picture(page, "night_00_failed")
    await acknowledge.click()
    await expect(part_of(page, "Acknowledged by")).to_be_visible()
    await expect(part_of(page, "Recovered at")).to_be_visible(timeout=120_000)
    await expect(page.get_by_text("Was the cause right?").last).to_be_visible()
    await picture(page, "night_00_green")
    await ask_the_night(page)


async def ask_the_night(page: Page) -> None:
    """Ask the questions in a row in the personal chat, and find each answer right."""
    await page.get_by_role("treeitem", name="Personal Chat").click()
    box = page.locator("[contenteditable][role=textbox]").first
    for place, (question, answer) in enumerate(NIGHT, 1):
        found = page.get_by_text(re.compile(re.escape(answer)))
        before = await found.count()  # what an earlier card said is no answer
        await box.fill(question)
        await box.press("Enter")
        await expect(found.nth(before)).to_be_visible(timeout=60_000)
        await picture(page, f"night_{place:02}")
