"""The composition root and the command line: `serve`, `demo`, `chat`. Nothing imports it."""

import argparse
import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from adf.client import Factories, Inventory, sdk_wires
from adf.records import Factory
from adf.simulator import live_factory, make_simulator
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agent.offline import OfflineAgent
from bot.factories_file import WrongFile, read_factories
from bot.inbox import Inbox
from bot.memory import Memories
from bot.rooms import Rooms
from bot.settings import Settings, WrongSetting, check_ready_to_serve, read_settings
from bot.store import StoreError, open_store
from bot.teams import playground
from bot.teams.terminal import chat
from bot.tools import BOT_TOOLS, BotFacts
from bot.turn import Turns
from cards import card_for

log = logging.getLogger("adfops")
