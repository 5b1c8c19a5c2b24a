"""What goes to the log: our own lines from the chosen level on, of others what is wrong."""

import logging
import sys

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

NOISY = "msrest urllib3 msal azure botbuilder botframework asyncio mcp uvicorn httpx2"
OURS = "adfops"


class WithoutStrangersBytes(logging.Filter):
    """Of a request that cannot be read one line: its traceback quotes what a stranger sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, some of them shorter."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | web.RequestPayloadError):
            record.msg, record.args, record.exc_info = "a request that cannot be read", (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def set_up_logging() -> None:
    """Log to stderr; the SDKs, which log bodies, only when it burns."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("aiohttp.server").addFilter(WithoutStrangersBytes())
    for noisy in NOISY.split():
        logging.getLogger(noisy).setLevel(logging.ERROR)


def use_log_level(level: str) -> None:
    """Log our own lines from that level on."""
    logging.getLogger(OURS).setLevel(level)
