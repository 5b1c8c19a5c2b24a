"""The one table of what changes a factory: name, path, permission. Nothing else may be posted.

It stands apart from what is read: no reader's connection takes one of these, and only what
deploy/operator-role.json grants is in it.
"""

from dataclasses import dataclass
from urllib.parse import quote

from adf.records import Factory

_FACTORY = "Microsoft.DataFactory/factories"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOperation:
    """One REST operation that changes something; `path` is below the factory, posted.

    `operation_id` is Microsoft's name for it, `permissions` are what it needs, `purpose` says what
    it is for, `request` what is done; `{name}` is the pipeline, run or trigger.
    """

    name: str
    operation_id: str
    purpose: str
    request: str
    permissions: tuple[str, ...]
    path: str

    def describe(self, name: str) -> str:
        """What is done, as errors say it."""
        return self.request.format(name=name)

    def path_for(self, factory: Factory, name: str) -> str:
        """Where it is posted to; a name can not lead elsewhere."""
        return f"{quote(factory.resource_id)}{self.path.format(name=quote(name, safe=''))}"


CREATE_RUN = WriteOperation(
    name="create_run",
    operation_id="Pipelines_CreateRun",
    purpose="run or rerun a pipeline",
    request="start a run of {name}",
    permissions=(f"{_FACTORY}/pipelines/createrun/action",),
    path="/pipelines/{name}/createRun",
)
CANCEL_RUN = WriteOperation(
    name="cancel_run",
    operation_id="PipelineRuns_Cancel",
    purpose="cancel a run",
    request="cancel pipeline run {name}",
    permissions=(f"{_FACTORY}/pipelineruns/cancel/action",),
    path="/pipelineruns/{name}/cancel",
)
START_TRIGGER = WriteOperation(
    name="start_trigger",
    operation_id="Triggers_Start",
    purpose="start a trigger",
    request="start trigger {name}",
    permissions=(f"{_FACTORY}/triggers/start/action",),
    path="/triggers/{name}/start",
)
STOP_TRIGGER = WriteOperation(
    name="stop_trigger",
    operation_id="Triggers_Stop",
    purpose="stop a trigger",
    request="stop trigger {name}",
    permissions=(f"{_FACTORY}/triggers/stop/action",),
    path="/triggers/{name}/stop",
)

WRITE_OPERATIONS = (CREATE_RUN, CANCEL_RUN, START_TRIGGER, STOP_TRIGGER)
