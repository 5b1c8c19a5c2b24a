"""“Was the cause right?”, asked once of each run; afterwards what was answered."""

from cards import extension as x
from cards.components.blocks import note, text
from cards.components.buttons import act
from cards.context import CardContext
from cards.text import Md, line

_ANSWERED = {
    "right": Md("The cause was marked as right."),
    "wrong": Md("The cause was marked as wrong."),
}


def cause_question(
    run_id: str, factory: str, reader: CardContext, *, incident: str = ""
) -> list[x.Element]:
    """Thumbs below the cause of a run, or how it was judged; `incident` is whose card it is."""
    answered = _ANSWERED.get(reader.verdicts.get(run_id, ""))
    if answered:
        return [note(answered)]
    data = {"run": run_id, "factory": line(factory, 100)}
    data |= {"incident": incident} if incident else {"question": f"why did run {run_id} fail"}
    return [
        x.Container(
            items=[
                text(Md("Was the cause right?")),
                x.ActionSet(
                    actions=[
                        act("👍 Yes", "judge", {**data, "verdict": "right"}),
                        act("👎 No", "judge", {**data, "verdict": "wrong"}),
                    ],
                    spacing="Small",
                ),
            ],
            spacing="Medium",
            separator=True,
        )
    ]
