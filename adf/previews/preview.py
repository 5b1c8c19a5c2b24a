"""The preview of any act: one entry for each kind."""

from datetime import datetime

from adf.client import AdfClient
from adf.previews.cancel import preview_cancel
from adf.previews.reading import PreviewReader
from adf.previews.runs import preview_rerun, preview_run
from adf.previews.triggers import preview_trigger
from adf.records import ActionKind, ActionPreview, ActionTarget


async def preview_action(client: AdfClient, target: ActionTarget, now: datetime) -> ActionPreview:
    """What an act would do now; raises the AdfError of what it is done to, NotFound for nothing."""
    reader = PreviewReader(client, now)
    match target.kind:
        case ActionKind.RERUN:
            return await preview_rerun(reader, target)
        case ActionKind.RUN:
            return await preview_run(reader, target)
        case ActionKind.CANCEL:
            return await preview_cancel(reader, target)
        case ActionKind.START_TRIGGER | ActionKind.STOP_TRIGGER:
            return await preview_trigger(reader, target)
