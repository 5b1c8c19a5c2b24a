"""What was done to a factory and around it, as the activity log of Azure keeps it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SUCCEEDED = "Succeeded"
STARTED = "Started"
_NAMESPACE = "Administrative"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One event: who did which operation to what; events of one act share the correlation.

    `resource` is the id below the resource group, like `Microsoft.DataFactory/factories/adf`.
    """

    at: datetime
    caller: str
    operation: str
    resource: str
    correlation: str
    status: str = SUCCEEDED
    description: str = ""

    def resource_id(self, subscription: str, group: str) -> str:
        """The whole id of what it was done to."""
        return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{self.resource}"

    def body(self, subscription: str, group: str) -> dict[str, Any]:
        """The EventData of the wire."""
        resource_id = self.resource_id(subscription, group)
        event_id = steady_id(self.correlation, self.operation, self.resource, self.status)
        moment = self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        provider, _, rest = self.resource.partition("/")
        kinds = "/".join(rest.split("/")[::2])
        return {
            "authorization": {"action": self.operation, "scope": resource_id},
            "caller": self.caller,
            "category": {"value": _NAMESPACE, "localizedValue": _NAMESPACE},
            "claims": {"name": self.caller},
            "correlationId": self.correlation,
            "description": self.description,
            "eventDataId": event_id,
            "eventName": {"value": "EndRequest", "localizedValue": "End request"},
            "eventTimestamp": moment,
            "id": f"{resource_id}/events/{event_id}/ticks/{self.at.timestamp():.0f}",
            "level": "Error" if self.status == "Failed" else "Informational",
            "operationId": self.correlation,
            "operationName": {"value": self.operation, "localizedValue": self.operation},
            "properties": {"eventCategory": _NAMESPACE, "entity": resource_id},
            "resourceGroupName": group,
            "resourceId": resource_id,
            "resourceProviderName": {"value": provider, "localizedValue": provider},
            "resourceType": {
                "value": f"{provider}/{kinds}",
                "localizedValue": f"{provider}/{kinds}",
            },
            "status": {"value": self.status, "localizedValue": self.status},
            "subStatus": {"value": "", "localizedValue": ""},
            "submissionTimestamp": moment,
            "subscriptionId": subscription,
        }


def steady_id(*parts: object) -> str:
    """An id in the form of a UUID that is the same for the same parts."""
    text = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
    return "-".join((text[:8], text[8:12], f"4{text[13:16]}", f"8{text[17:20]}", text[20:32]))
