"""Which ticket system is used, where it is, and who the bot is there."""

from dataclasses import dataclass, field
from enum import StrEnum


class TicketKind(StrEnum):
    """The systems that tickets can be opened in."""

    SERVICENOW = "servicenow"
    JIRA = "jira"
    JIRA_DATA_CENTER = "jira_data_center"
    AZURE_DEVOPS = "azure_devops"
    WEBHOOK = "webhook"
    DEMO = "demo"


class TicketUpdates(StrEnum):
    """What a ticket is told of its incident: nothing, comments, or comments and its end."""

    OFF = "off"
    COMMENT = "comment"
    CLOSE = "close"


SYSTEM_NAMES = {
    TicketKind.SERVICENOW: "ServiceNow",
    TicketKind.JIRA: "Jira",
    TicketKind.JIRA_DATA_CENTER: "Jira",
    TicketKind.AZURE_DEVOPS: "Azure DevOps",
    TicketKind.WEBHOOK: "the ticket system",
    TicketKind.DEMO: "the demo ticket system",
}
# Their tickets are of a project, which has to be named.
IN_PROJECTS = frozenset({TicketKind.JIRA, TicketKind.JIRA_DATA_CENTER, TicketKind.AZURE_DEVOPS})
# What a ticket is there, where the settings do not say.
_TYPES = {
    TicketKind.SERVICENOW: "incident",
    TicketKind.JIRA: "Task",
    TicketKind.JIRA_DATA_CENTER: "Task",
    TicketKind.AZURE_DEVOPS: "Bug",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSetup:
    """The settings of one ticket system; the secret is never part of its own description.

    `project` is the project, or the assignment group of ServiceNow; `type` the table, the issue
    type or the work item type.
    """

    kind: TicketKind
    url: str = ""
    secret: str = field(default="", repr=False)
    user: str = ""
    project: str = ""
    type: str = ""
    updates: TicketUpdates = TicketUpdates.COMMENT

    @property
    def name(self) -> str:
        """What people call the system."""
        return SYSTEM_NAMES[self.kind]

    @property
    def type_name(self) -> str:
        """What a ticket is there."""
        return self.type or _TYPES.get(self.kind, "")
