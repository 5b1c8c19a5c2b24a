"""The one table of what is asked of Azure Resource Manager: name, SDK call, permission.

The wire, telemetry, `doctor` and deploy/reader-role.json all go by it. A new operation needs an
entry here, its permission in the role, and a method of the client with its decoder.
"""

from dataclasses import dataclass

from adf.records import Factory

_FACTORY = "Microsoft.DataFactory/factories"
_RUNS = f"{_FACTORY}/pipelineruns"

RUN_ID, PIPELINE, QUERY, NEXT_LINK = "run_id", "pipeline", "query", "next_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmOperation:
    """One REST operation on a factory.

    `operation_id` is Microsoft's name for it. `method` is the SDK's call; a list is read by its
    `path` below the factory instead, since the SDK's pager cannot stream. `arguments` follow the
    factory. The first of `permissions` (names as in the provider's own list) is checked at the
    call, the others let its result be read. `purpose` says what it is for, `request` what is asked.
    """

    name: str
    operation_id: str
    purpose: str
    request: str
    permissions: tuple[str, ...]
    method: str = ""
    path: str = ""
    arguments: tuple[str, ...] = ()

    def describe(self, factory: Factory, *arguments: object) -> str:
        """What is asked of that factory, as errors say it."""
        given = dict(zip(self.arguments, arguments, strict=True))
        return self.request.format(factory=factory.name, **given)


GET_FACTORY = ArmOperation(
    name="get_factory",
    operation_id="Factories_Get",
    purpose="look at the factory",
    request="get the factory {factory}",
    permissions=(f"{_FACTORY}/read",),
    method="factories.get",
)
LIST_PIPELINES = ArmOperation(
    name="list_pipelines",
    operation_id="Pipelines_ListByFactory",
    purpose="list its pipelines",
    request="list the pipelines of {factory}",
    permissions=(f"{_FACTORY}/pipelines/read",),
    path="/pipelines",
    arguments=(NEXT_LINK,),
)
GET_PIPELINE = ArmOperation(
    name="get_pipeline",
    operation_id="Pipelines_Get",
    purpose="read a pipeline's definition",
    request="get pipeline {pipeline}",
    permissions=(f"{_FACTORY}/pipelines/read",),
    method="pipelines.get",
    arguments=(PIPELINE,),
)
QUERY_RUNS = ArmOperation(
    name="query_runs",
    operation_id="PipelineRuns_QueryByFactory",
    purpose="query pipeline runs",
    request="query the pipeline runs of {factory}",
    permissions=(f"{_FACTORY}/querypipelineruns/action", f"{_FACTORY}/querypipelineruns/read"),
    method="pipeline_runs.query_by_factory",
    arguments=(QUERY,),
)
GET_RUN = ArmOperation(
    name="get_run",
    operation_id="PipelineRuns_Get",
    purpose="get one run",
    request="get pipeline run {run_id}",
    permissions=(f"{_RUNS}/read",),
    method="pipeline_runs.get",
    arguments=(RUN_ID,),
)
QUERY_ACTIVITY_RUNS = ArmOperation(
    name="query_activity_runs",
    operation_id="ActivityRuns_QueryByPipelineRun",
    purpose="query a run's activity runs",
    request="query the activity runs of {run_id}",
    permissions=(
        f"{_RUNS}/queryactivityruns/action",
        f"{_RUNS}/queryactivityruns/read",
        f"{_RUNS}/activityruns/read",
    ),
    method="activity_runs.query_by_pipeline_run",
    arguments=(RUN_ID, QUERY),
)

OPERATIONS = (
    GET_FACTORY,
    LIST_PIPELINES,
    GET_PIPELINE,
    QUERY_RUNS,
    GET_RUN,
    QUERY_ACTIVITY_RUNS,
)
