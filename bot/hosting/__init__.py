"""Builds the bot, opens and closes it; nothing here runs in a turn.

`settings` reads the environment, `config_files` the files it names, and `configure` makes a `setup`
of both: checked values and nothing else. `container` opens what turns and alerts share; `model`,
`turns` and `alerts` build upon it (the table of all buttons is in `turns`); `application` is the
web application that opens and closes them. `telemetry` names spans and metrics and
puts them around tool calls, `exporters` send them.
"""

from bot.hosting.application import freeze_when_ready, lost_store, make_bot
from bot.hosting.exporters import CannotExport, Collector, telemetry_to
from bot.hosting.model import place_of
from bot.hosting.setup import ModelSetup, PushSetup, Setup

__all__ = [
    "CannotExport",
    "Collector",
    "ModelSetup",
    "PushSetup",
    "Setup",
    "freeze_when_ready",
    "lost_store",
    "make_bot",
    "place_of",
    "telemetry_to",
]
