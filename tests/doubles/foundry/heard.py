"""What a model is told, as a brain sees it."""

from dataclasses import dataclass

from tests.doubles.foundry.items import text_of, text_parts
from tests.doubles.foundry.wire import Item, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a model is told: the new items, all before them, and what this response holds so far."""

    items: tuple[Item, ...]
    history: tuple[Item, ...] = ()
    made: tuple[Item, ...] = ()
    model: str = ""
    instructions: str = ""
    tools: tuple[Item, ...] = ()
    body: Json

    @property
    def everything(self) -> tuple[Item, ...]:
        """The whole talk in order."""
        return (*self.history, *self.items, *self.made)

    @property
    def text(self) -> str:
        """The last words of a user."""
        said = [one for one in self.everything if one.get("role") == "user"]
        return text_of(said[-1]) if said else ""

    @property
    def question(self) -> str:
        """The last part of a user's last words, which is where the person's own words stand."""
        said = [one for one in self.everything if one.get("role") == "user"]
        return text_parts(said[-1])[-1] if said else ""

    @property
    def this_turn(self) -> tuple[Item, ...]:
        """Everything since the last words of a user, those included."""
        talk = self.everything
        spoken = [number for number, one in enumerate(talk) if one.get("role") == "user"]
        return talk[spoken[-1] :] if spoken else talk

    @property
    def outputs(self) -> dict[str, str]:
        """What the tools of this turn returned, by name."""
        turn = self.this_turn
        names = {one["call_id"]: one["name"] for one in turn if one["type"] == "function_call"}
        done = (one for one in turn if one["type"] == "function_call_output")
        return {names.get(one["call_id"], one["call_id"]): text_of(one) for one in done}

    @property
    def step(self) -> int:
        """How often tools have answered since the last words of a user."""
        kinds = [
            "output" in one or one["type"] == "mcp_approval_response" for one in self.this_turn
        ]
        return sum(now and not before for before, now in zip([False, *kinds], kinds, strict=False))

    def declares(self, name: str) -> bool:
        """Whether a function of this name was declared."""
        return any(one.get("name") == name for one in self.tools)
