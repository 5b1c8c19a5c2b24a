"""Made-up pages of a documentation about Data Factory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

BASE = "https://learn.microsoft.com/en-us/azure/data-factory/"
Text = Mapping[str, str]


def words_in(text: str) -> set[str]:
    """The words of a text that a search goes by."""
    return set(re.findall(r"\w{3,}", text.lower()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the documentation."""

    path: str
    title: str
    text: str

    @property
    def url(self) -> str:
        """Where a person reads it."""
        return BASE + self.path

    @property
    def words(self) -> set[str]:
        """The words that a search may find it by."""
        return words_in(f"{self.title} {self.text}")

    def found(self) -> Text:
        """The page as a hit of a search."""
        return {"title": self.title, "content": self.text, "contentUrl": self.url}


PAGES = (
    Page(
        path="connector-troubleshoot-guide",
        title="Troubleshoot connectors",
        text="# Error code 2200\nA copy fails with 2200 when rows cannot be written, for example"
        " NULL into a column that allows none. Check the mapping and the source rows.",
    ),
    Page(
        path="self-hosted-integration-runtime-troubleshoot-guide",
        title="Troubleshoot self-hosted integration runtime",
        text="# Node is offline\nRestart the host service, check the key and outgoing port 443.",
    ),
    Page(
        path="monitor-visually",
        title="Visually monitor data factories",
        text="# Rerun\nRerun a pipeline from the failed activity in the monitoring view."
        "\n```bash\naz datafactory pipeline create-run --reference-pipeline-run-id <id>\n```",
    ),
    Page(
        path="concepts-pipeline-execution-triggers",
        title="Pipeline execution and triggers",
        text="# Tumbling window\nA tumbling window trigger fires for each window of a fixed size.",
    ),
)
