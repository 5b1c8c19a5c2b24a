"""Which linked service an activity uses and on which integration runtime it therefore runs."""

from collections.abc import Iterator
from typing import Any, cast

from adf.simulator.gitfolder.folder import GitFolder
from adf.simulator.gitfolder.json_values import list_in, object_in
from adf.simulator.runs import Json, RuntimeUsed
from adf.simulator.world.run_specs import AUTO_RESOLVE, CONTROL

SELF_HOSTED = "SelfHosted"


class LinkedServices:
    """The references between activities, datasets, linked services and runtimes of a folder."""

    def __init__(self, folder: GitFolder) -> None:
        """Read the references of a folder."""
        self._datasets = folder.datasets
        self._linked_services = folder.linked_services
        self._runtimes = folder.runtimes

    def linked_service_of(self, activity: Json) -> str:
        """The linked service an activity works with: its own, or that of its first dataset."""
        return next(filter(None, self._services(activity)), "")

    def runtime_of(self, activity: Json) -> RuntimeUsed:
        """A runtime on the owner's machines if any of its ends needs one, else a managed one."""
        if activity.get("type") in CONTROL:
            return AUTO_RESOLVE
        names = [self._connected(one) for one in self._services(activity)]
        found = [self._runtime(name) for name in names if name in self._runtimes]
        own = [one for one in found if one.kind == SELF_HOSTED]
        return next(iter(own or found), AUTO_RESOLVE)

    def _services(self, activity: Json) -> Iterator[str]:
        yield _name(activity.get("linkedServiceName"))
        properties = object_in(activity.get("typeProperties"))
        ends: list[Any] = [
            *list_in(activity.get("inputs")),
            *list_in(activity.get("outputs")),
            properties.get("dataset"),
        ]
        for end in ends:
            dataset = self._datasets.get(_name(end), {})
            yield _name(dataset.get("linkedServiceName"))

    def _connected(self, linked_service: str) -> str:
        return _name(self._linked_services.get(linked_service, {}).get("connectVia"))

    def _runtime(self, name: str) -> RuntimeUsed:
        kind = str(self._runtimes[name].get("type") or "Managed")
        return RuntimeUsed(name=name, kind=kind)


def _name(reference: object) -> str:
    if not isinstance(reference, dict):
        return ""
    name = cast("dict[str, Any]", reference).get("referenceName")
    return name if isinstance(name, str) else ""
