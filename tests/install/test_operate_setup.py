"""Dashboard, alert rules and runbook speak of what there is: metrics, attributes, settings."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.hosting.config_files import read_file
from bot.hosting.metrics import METRICS

DEPLOY = Path(__file__).parents[2] / "deploy"
ATTRIBUTES = {one.name: set(one.attributes) for one in METRICS}
# What Application Insights makes of a metric, as its exporter sends it (value, count, min, max).
COLUMNS = {"Name", "Sum", "ItemCount", "Max", "Properties", "TimeGenerated", "AppRoleInstance"}
# Words of KQL.
WORDS = {"where", "summarize", "by", "bin", "tostring", "isnotempty", "sum", "max", "and", "in"}


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def dashboard_queries() -> Sequence[str]:
    items = json.loads(read("dashboard.json"))["items"]
    return [one["content"]["query"] for one in items if "query" in one["content"]]


def rules() -> dict[str, str]:
    """The query of each alert rule."""
    found = re.findall(
        r"name: '([\w-]+)'\n    says: .*\n.*\n    query: '(.+)'", read("operate.bicep")
    )
    assert len(found) == read("operate.bicep").count("    severity: ") - 1
    return dict(found)


def metrics_of(query: str) -> set[str]:
    one, many = re.findall(r'Name == "(.+?)"', query), re.findall(r"Name in \((.+?)\)", query)
    return {*one, *re.findall(r'"(.+?)"', " ".join(many))}


@pytest.mark.parametrize("query", [*dashboard_queries(), *rules().values()])
def test_a_query_names_only_metrics_and_attributes_that_exist(query: str) -> None:
    named = metrics_of(query)
    assert named
    assert named <= ATTRIBUTES.keys()
    given = set(re.findall(r'Properties\["(.+?)"\]', query))
    for name in named:
        assert given <= ATTRIBUTES[name]
    plain = re.sub(r'"[^"]*"', "", query)
    own = set(re.findall(r"(\w+) =", plain))
    others = set(re.findall(r"[A-Za-z]\w+", plain)) - own - WORDS - {"AppMetrics"}
    assert {one for one in others if not re.fullmatch(r"\d*[mh]", one)} <= COLUMNS


def test_the_dashboard_shows_every_metric() -> None:
    assert set[str]().union(*map(metrics_of, dashboard_queries())) == ATTRIBUTES.keys()


def test_every_rule_has_its_page_in_the_runbook() -> None:
    headings = set(re.findall(r"^## (.+)$", read("RUNBOOK.md"), re.MULTILINE))
    assert rules().keys() <= headings
    quoted = re.findall(r'"([A-Z]\w[\w ]+)"', read("RUNBOOK.md"))
    assert {one for one in quoted if one.startswith(("It ", "The store"))} <= headings


def test_silence_is_a_nought_and_not_a_missing_row() -> None:
    assert rules()["silent"].endswith("summarize value = sum(Sum)")
    rule = re.search(r"name: 'silent'.*?threshold: (\d+)", read("operate.bicep"), re.DOTALL)
    assert rule is not None
    assert "operator: 'LessThan'" in rule[0]
    assert rule[1] == "1"


def test_the_sample_of_the_settings_is_accepted(tmp_path: Path) -> None:
    given = json.loads(read("settings.sample.json"))["parameters"]
    known = set(re.findall(r"^param (\w+) ", read("main.bicep"), re.MULTILINE))
    assert given.keys() <= known
    example = (DEPLOY.parent / ".env.example").read_text(encoding="utf-8")
    settings = set(re.findall(r"^([A-Za-z_]+)=", example, re.MULTILINE))
    fixed = set(re.findall(r"name: '([A-Z_]+|MicrosoftApp\w+)'", read("main.bicep")))
    assert given["settings"]["value"].keys() <= settings - fixed
    # The object goes into the container as the file that ADFOPS_FACTORIES names.
    sample = tmp_path / "factories.json"
    sample.write_text(json.dumps(json.loads(read("factories.sample.json"))), encoding="utf-8")
    for one in json.loads(sample.read_text(encoding="utf-8"))["factories"].values():
        assert {"subscription", "resource_group", "name"} <= one.keys()
    assert read_file(sample).factories


def test_every_parameter_that_a_second_deployment_needs_is_there() -> None:
    known = set(re.findall(r"^param (\w+) ", read("main.bicep"), re.MULTILINE))
    wanted = "factories projectEndpoint openAiEndpoint modelDeployment zone settings secrets"
    assert set(wanted.split()) <= known
