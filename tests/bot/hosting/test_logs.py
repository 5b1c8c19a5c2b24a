"""Log lines as JSON: one object a line whatever is in it, with the trace it belongs to."""

import json
import logging
import sys

from opentelemetry.sdk.trace import TracerProvider

from bot.hosting.process import JsonFormatter


def line_of(message: str, *given: object, error: BaseException | None = None) -> dict[str, str]:
    about = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("adfops.turn", logging.INFO, __file__, 1, message, given, about)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_line_says_when_who_and_what_also_over_several_lines() -> None:
    line = line_of("question by %s:\nwhy", "maya")
    assert line["message"] == "question by maya:\nwhy"
    assert (line["level"], line["logger"]) == ("INFO", "adfops.turn")
    assert line["time"].endswith("+00:00")
    assert "trace_id" not in line


def test_an_error_is_named_with_its_traceback() -> None:
    try:
        raise OSError("disk full")
    except OSError:
        line = line_of("broke off", error=sys.exc_info()[1])
    assert line["error"] == "OSError"
    assert line["traceback"].endswith("OSError: disk full")


def test_a_line_within_a_collected_span_names_it() -> None:
    provider = TracerProvider()
    with provider.get_tracer("test").start_as_current_span("turn") as span:
        line = line_of("question")
    provider.shutdown()
    assert line["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert line["span_id"] == f"{span.get_span_context().span_id:016x}"
