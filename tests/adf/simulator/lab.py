"""A world to act on: failed runs, one that hangs with another behind it, a stopped trigger."""

from typing import Any

from adf.simulator import State
from tests.adf.simulator.worlds import run, world

LOOP = {
    "name": "Each",
    "type": "ForEach",
    "status": "Failed",
    "items": 4,
    "succeeded": 3,
    "failed": 1,
}
BROKEN = "Operation on target Copy_Table failed: the key is taken"


def lab(**more: Any) -> State:  # noqa: ANN401
    """A world with a failed run of three steps, a failed loop, and a queue behind a long one."""
    return world(
        pipelines={
            "Load": [{"factory": "adf-lab", "typical_min": 10, **more}],
            "Loop": [{"factory": "adf-lab"}],
            "Queue": [{"factory": "adf-lab", "concurrency": 1, "trigger": "trg_queue"}],
            "Parent": [{"factory": "adf-lab"}],
            "Child": [{"factory": "adf-lab"}],
        },
        runs={
            "load-1": run("Load", "Failed", "04:00", "04:10", message=BROKEN, parameters=GIVEN),
            "loop-1": run("Loop", "Failed", "04:00", "04:20"),
            "queue-0": run("Queue", "Succeeded", "03:00", "03:05"),
            "queue-1": run("Queue", "InProgress", "04:00", None),
            "queue-2": run("Queue", "Queued", "04:30", None, queued_at="2031-08-20T04:30:00Z"),
            "parent-1": run("Parent", "InProgress", "04:50", None),
            "child-1": run("Child", "InProgress", "04:51", None, parent="parent-1"),
        },
        activities={
            "load-1": [
                {"name": "Look_Up", "type": "Lookup", "status": "Succeeded", "end": "04:01"},
                {
                    "name": "Copy_Table",
                    "type": "Copy",
                    "status": "Failed",
                    "start": "04:01",
                    "end": "04:10",
                    "error": "the key is taken",
                },
                {"name": "Merge", "type": "SqlServerStoredProcedure", "status": "Skipped"},
            ],
            "loop-1": [
                LOOP,
                {
                    "name": "Copy_Item",
                    "type": "Copy",
                    "item": "North",
                    "status": "Failed",
                    "error": "no such file",
                },
            ],
            "queue-0": [{"name": "Copy_Queue", "type": "Copy", "status": "Succeeded"}],
            "queue-1": [{"name": "Copy_Queue", "type": "Copy", "status": "InProgress"}],
            "child-1": [{"name": "Copy_Child", "type": "Copy", "status": "InProgress"}],
        },
        triggers={
            "trg_queue": {"pipeline": "Queue", "state": "Started", "schedule": "hourly"},
            "trg_off": {
                "pipeline": "Load",
                "state": "Stopped",
                "schedule": "hourly",
                "stopped_at": "2031-08-19T00:00:00Z",
            },
        },
    )


GIVEN = {"day": "2031-08-20", "full": True, "tables": ["a", "b"]}
