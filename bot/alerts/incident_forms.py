"""The buttons of an incident beside acknowledging and resolving: each does what its words would.

They call the tools, so that rights, sentences and effects are those of the words, for the person
who pressed and where they pressed.
"""

from collections.abc import Awaitable, Callable, Mapping

from adf.errors import BadArguments
from adf.records.moments import in_plain_words
from adf.tool import Toolbox
from bot.access.denial import in_one_line
from bot.alerts.incident_actions import UNKNOWN
from bot.messages import CardActionHandler, CardClick, PressResult, Renderer
from bot.tools import HERE_TOOLS, ToolContext
from cards.records import Denied, IncidentReport, Notice, Problem

ContextFor = Callable[[CardClick, str], Awaitable[ToolContext]]
"""The context of a press, with the words that it stands for."""


class IncidentForms:
    """Assign, mute, unmute, reopen and split by a button."""

    def __init__(self, *, context_for: ContextFor, render: Renderer) -> None:
        """Borrow everything."""
        self._context_for = context_for
        self._render = render

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {
            "assign": self.assign,
            "mute": self.mute,
            "unmute": self.unmute,
            "reopen": self.reopen,
            "split": self.split,
        }

    async def assign(self, click: CardClick) -> PressResult:
        """Give the incident to the person that was chosen."""
        return await self._call(click, "ops_assign", to=_text(click, "to"))

    async def mute(self, click: CardClick) -> PressResult:
        """Hold back what is known of the incident."""
        given: dict[str, object] = {"reason": _text(click, "reason")}
        minutes = _text(click, "minutes")
        if minutes.isdecimal():
            given["minutes"] = int(minutes)
        return await self._call(click, "ops_mute", subject="target", **given)

    async def unmute(self, click: CardClick) -> PressResult:
        """Post it again."""
        return await self._call(click, "ops_unmute", subject="target")

    async def reopen(self, click: CardClick) -> PressResult:
        """It was not over."""
        return await self._call(click, "ops_reopen")

    async def split(self, click: CardClick) -> PressResult:
        """One of its pipelines has another cause."""
        return await self._call(click, "ops_split", pipeline=_text(click, "pipeline"))

    async def _call(
        self, click: CardClick, tool: str, subject: str = "incident", **given: object
    ) -> PressResult:
        """Call a tool for who pressed; its card, or why not in one line."""
        incident = _text(click, "incident")
        if not incident.startswith("INC-"):
            return PressResult(words=UNKNOWN)
        here = await self._context_for(click, f"{click.verb} {incident}")
        try:
            record = await Toolbox(HERE_TOOLS, [here]).call(tool, **{subject: incident, **given})
        except BadArguments as error:
            return PressResult(words=f"That did not work: {error.said}.")
        return self._result(record, here)

    def _result(self, record: object, here: ToolContext) -> PressResult:
        match record:
            case IncidentReport():
                return PressResult(card=self._render(record, here.now, here.zone, None))
            case Denied():
                return PressResult(words=in_one_line(record))
            case Problem():
                return PressResult(words=in_plain_words(record.happened))
            case Notice():
                return PressResult(words=in_plain_words(record.said))
            case _:
                return PressResult(words=UNKNOWN)


def _text(click: CardClick, name: str) -> str:
    """What a field of the card carried; nothing of it is trusted."""
    value = click.data.get(name)
    return value if isinstance(value, str) else ""
