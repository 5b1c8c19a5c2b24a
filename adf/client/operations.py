"""The one table of what is asked of Azure Resource Manager: name, SDK call, permission.

The wire, telemetry, `doctor` and deploy/reader-role.json all go by it. A new operation needs an
entry here and its permission in the role; `AdfClient.read` and `read_list` then run it.
"""

from dataclasses import dataclass

from adf.records import Factory

_FACTORY = "Microsoft.DataFactory/factories"
_RUNS = f"{_FACTORY}/pipelineruns"
_RUNTIMES = f"{_FACTORY}/integrationruntimes"

RUN_ID, PIPELINE, QUERY, NEXT_LINK = "run_id", "pipeline", "query", "next_link"
TRIGGER, RUNTIME = "trigger", "runtime"
LOG_FILTER = "log_filter"
API_VERSION = "2018-06-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmOperation:
    """One REST operation on a factory.

    `operation_id` is Microsoft's name for it. `method` is the SDK's call; a list is read by its
    `path` below the factory instead, since the SDK's pager cannot stream, or below its subscription
    (`of_subscription`). `arguments` follow the factory; those of a list are its next page and a
    filter. The first of `permissions` (names as in the provider's own list) is checked at the call,
    the others let its result be read. `purpose` says what it is for, `request` what is asked.
    """

    name: str
    operation_id: str
    purpose: str
    request: str
    permissions: tuple[str, ...]
    method: str = ""
    path: str = ""
    arguments: tuple[str, ...] = ()
    api_version: str = API_VERSION
    of_subscription: bool = False

    def address(self, factory: Factory) -> str:
        """Where a list is, without the host."""
        root = f"/subscriptions/{factory.subscription}"
        return f"{root if self.of_subscription else factory.resource_id}{self.path}"

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
LIST_TRIGGERS = ArmOperation(
    name="list_triggers",
    operation_id="Triggers_ListByFactory",
    purpose="list its triggers",
    request="list the triggers of {factory}",
    permissions=(f"{_FACTORY}/triggers/read",),
    path="/triggers",
    arguments=(NEXT_LINK,),
)
GET_TRIGGER = ArmOperation(
    name="get_trigger",
    operation_id="Triggers_Get",
    purpose="read a trigger's definition",
    request="get trigger {trigger}",
    permissions=(f"{_FACTORY}/triggers/read",),
    method="triggers.get",
    arguments=(TRIGGER,),
)
QUERY_TRIGGER_RUNS = ArmOperation(
    name="query_trigger_runs",
    operation_id="TriggerRuns_QueryByFactory",
    purpose="query trigger runs",
    request="query the trigger runs of {factory}",
    permissions=(
        f"{_FACTORY}/querytriggerruns/action",
        f"{_FACTORY}/querytriggerruns/read",
        f"{_FACTORY}/triggerruns/read",
    ),
    method="trigger_runs.query_by_factory",
    arguments=(QUERY,),
)
LIST_RUNTIMES = ArmOperation(
    name="list_runtimes",
    operation_id="IntegrationRuntimes_ListByFactory",
    purpose="list its integration runtimes",
    request="list the integration runtimes of {factory}",
    permissions=(f"{_RUNTIMES}/read",),
    path="/integrationRuntimes",
    arguments=(NEXT_LINK,),
)
GET_RUNTIME_STATUS = ArmOperation(
    name="get_runtime_status",
    operation_id="IntegrationRuntimes_GetStatus",
    purpose="get an integration runtime's status",
    request="get the status of integration runtime {runtime}",
    permissions=(f"{_RUNTIMES}/getstatus/read",),
    method="integration_runtimes.get_status",
    arguments=(RUNTIME,),
)
GET_RUNTIME_LOAD = ArmOperation(
    name="get_runtime_load",
    operation_id="IntegrationRuntimes_GetMonitoringData",
    purpose="get the load of an integration runtime's nodes",
    request="get the load of integration runtime {runtime}",
    permissions=(f"{_RUNTIMES}/monitoringdata/read",),
    method="integration_runtimes.get_monitoring_data",
    arguments=(RUNTIME,),
)
LIST_DATASETS = ArmOperation(
    name="list_datasets",
    operation_id="Datasets_ListByFactory",
    purpose="list its datasets",
    request="list the datasets of {factory}",
    permissions=(f"{_FACTORY}/datasets/read",),
    path="/datasets",
    arguments=(NEXT_LINK,),
)
LIST_DATA_FLOWS = ArmOperation(
    name="list_data_flows",
    operation_id="DataFlows_ListByFactory",
    purpose="list its data flows",
    request="list the data flows of {factory}",
    permissions=(f"{_FACTORY}/dataflows/read",),
    path="/dataflows",
    arguments=(NEXT_LINK,),
)
LIST_LINKED_SERVICES = ArmOperation(
    name="list_linked_services",
    operation_id="LinkedServices_ListByFactory",
    purpose="list its linked services",
    request="list the linked services of {factory}",
    permissions=(f"{_FACTORY}/linkedservices/read",),
    path="/linkedservices",
    arguments=(NEXT_LINK,),
)
LIST_ACTIVITY_LOG = ArmOperation(
    name="list_activity_log",
    operation_id="ActivityLogs_List",
    purpose="read the activity log",
    request="read the activity log of {factory}",
    permissions=("Microsoft.Insights/eventtypes/values/read",),
    path="/providers/Microsoft.Insights/eventtypes/management/values",
    arguments=(NEXT_LINK, LOG_FILTER),
    api_version="2015-04-01",
    of_subscription=True,
)
LIST_AVAILABILITY = ArmOperation(
    name="list_availability",
    operation_id="AvailabilityStatuses_List",
    purpose="read its resource health",
    request="read the resource health of {factory}",
    permissions=("Microsoft.ResourceHealth/AvailabilityStatuses/read",),
    path="/providers/Microsoft.ResourceHealth/availabilityStatuses",
    arguments=(NEXT_LINK,),
    api_version="2022-10-01",
)
LIST_SERVICE_EVENTS = ArmOperation(
    name="list_service_events",
    operation_id="Events_ListBySingleResource",
    purpose="read the service health events for it",
    request="read the service health events for {factory}",
    permissions=("Microsoft.ResourceHealth/events/read",),
    path="/providers/Microsoft.ResourceHealth/events",
    arguments=(NEXT_LINK,),
    api_version="2022-10-01",
)

OPERATIONS = (
    GET_FACTORY,
    LIST_PIPELINES,
    GET_PIPELINE,
    QUERY_RUNS,
    GET_RUN,
    QUERY_ACTIVITY_RUNS,
    LIST_TRIGGERS,
    GET_TRIGGER,
    QUERY_TRIGGER_RUNS,
    LIST_RUNTIMES,
    GET_RUNTIME_STATUS,
    GET_RUNTIME_LOAD,
    LIST_DATASETS,
    LIST_DATA_FLOWS,
    LIST_LINKED_SERVICES,
    LIST_ACTIVITY_LOG,
    LIST_AVAILABILITY,
    LIST_SERVICE_EVENTS,
)
