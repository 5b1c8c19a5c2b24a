"""Which permission each thing we ask of a factory needs; deploy/reader-role.json grants these.

Names as in the provider's own list (Microsoft.DataFactory operations). The first of each row is the
one that is checked at the call; the others let its result be read.
"""

from collections.abc import Mapping

from adf.records import Factory

_PREFIX = "Microsoft.DataFactory/factories"

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "get_factory": (f"{_PREFIX}/read",),
    "list_pipelines": (f"{_PREFIX}/pipelines/read",),
    "get_pipeline": (f"{_PREFIX}/pipelines/read",),
    "query_runs": (f"{_PREFIX}/querypipelineruns/action", f"{_PREFIX}/querypipelineruns/read"),
    "get_run": (f"{_PREFIX}/pipelineruns/read",),
    "query_activity_runs": (
        f"{_PREFIX}/pipelineruns/queryactivityruns/action",
        f"{_PREFIX}/pipelineruns/queryactivityruns/read",
        f"{_PREFIX}/pipelineruns/activityruns/read",
    ),
}
SAID: Mapping[str, str] = {
    "get_factory": "look at the factory",
    "list_pipelines": "list its pipelines",
    "get_pipeline": "read a pipeline's definition",
    "query_runs": "query pipeline runs",
    "get_run": "get one run",
    "query_activity_runs": "query a run's activity runs",
}


def scope_of(factory: Factory) -> str:
    """The factory as Resource Manager addresses it."""
    return (
        f"/subscriptions/{factory.subscription}/resourceGroups/{factory.resource_group}"
        f"/providers/Microsoft.DataFactory/factories/{factory.name}"
    )


def grant_command(factory: Factory, object_id: str | None, *, is_person: bool = False) -> str:
    """The command that makes the role where it lacks something, and grants it on this factory."""
    kind = "User" if is_person else "ServicePrincipal"
    return (
        f"az deployment group create --subscription {factory.subscription} "
        f"-g {factory.resource_group} -f deploy/factory.bicep -p factoryName={factory.name} "
        f"principalId={object_id or 'OBJECT_ID_OF_THE_BOT'} principalType={kind}"
    )
