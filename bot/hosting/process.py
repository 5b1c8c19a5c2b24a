"""What a process does around its work: it logs, and it ends when it is asked to."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from opentelemetry.trace import format_span_id, format_trace_id, get_current_span

from adf.tool import ToolCall
from bot.access.admission import BACKLOG, HeaderAdmission
from cards.card import Card

log = logging.getLogger("adfops")

NOISY = "msrest urllib3 msal azure botbuilder botframework asyncio mcp uvicorn httpx2"
OURS = "adfops"
# How long a request under way may take at the end.
REQUEST_SECONDS = 3.0
# The platform kills a process half a minute after it asked it to end.
STOP_SECONDS = 25.0


class WithoutStrangersBytes(logging.Filter):
    """Of a request that cannot be read one line: its traceback quotes what a stranger sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, some of them shorter."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | web.RequestPayloadError):
            record.msg, record.args, record.exc_info = "a request that cannot be read", (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a platform that searches them.

    Time, level, logger and message; trace and span where the line belongs to a collected one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line; an error adds its class and its traceback."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_trace(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _trace() -> dict[str, str]:
    context = get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {
        "trace_id": format_trace_id(context.trace_id),
        "span_id": format_span_id(context.span_id),
    }


def set_up_logging() -> None:
    """Log to stderr; the SDKs, which log bodies, only when it burns."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("aiohttp.server").addFilter(WithoutStrangersBytes())
    for noisy in NOISY.split():
        logging.getLogger(noisy).setLevel(logging.ERROR)


def use_logging(level: str, form: str) -> None:
    """Log our own lines from that level on; `form` is text, or json for every line."""
    logging.getLogger(OURS).setLevel(level)
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())


async def until_stopped(*others: asyncio.Event) -> None:
    """Wait for Ctrl-C, a polite end of the process, or one of these events."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(wanted, stopped.set)
    waits = [asyncio.create_task(one.wait()) for one in (stopped, *others)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for one in waits:
        one.cancel()


def end_within(seconds: float = STOP_SECONDS) -> None:
    """Have this process ended after that time, whatever it still waits for.

    What was not finished is in the store, as after a crash.
    """

    def end() -> None:
        log.error("not ended within %.0f s, ending now", seconds)
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def log_step(step: ToolCall | Card) -> None:
    """Log which tool was called, with which arguments but not what they say, and which card."""
    if isinstance(step, ToolCall):
        log.info("tool %s (%s)", step.name, ", ".join(sorted(step.arguments)))
    else:
        log.info("card %s", step.kind)


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncGenerator[int]:
    """Serve an application; yields the port it took (0 asks for any free one)."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=REQUEST_SECONDS)
    await runner.setup()
    try:
        if runner.server is None:
            raise RuntimeError("the application did not start")
        admission = HeaderAdmission(runner.server)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(admission, host, port, backlog=BACKLOG)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            admission.close()
    finally:
        await runner.cleanup()
