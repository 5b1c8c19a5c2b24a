"""What is deployed for pushed alerts fits what the endpoint takes."""

import hmac
import json
import re
from pathlib import Path
from typing import Any

from adf.records import Factory
from bot.alerts.pushes.callers import SIGNATURE, signature_of
from bot.alerts.pushes.endpoint import ROUTE
from bot.alerts.pushes.payload import SCHEMA, read_push

DEPLOY = Path(__file__).parents[2] / "deploy"
PROD = Factory(alias="prod", subscription="s", resource_group="rg", name="adf-prod")
VALUES = {
    "pipeline().DataFactory": "adf-prod",
    "pipeline().Pipeline": "ProcessOrders",
    "pipeline().RunId": "7f3a0000-0000-4000-8000-000000000001",
}


def activity() -> Any:  # noqa: ANN401 - JSON
    return json.loads((DEPLOY / "web-activity.json").read_text(encoding="utf-8"))


def bicep() -> str:
    return (DEPLOY / "alerts.bicep").read_text(encoding="utf-8")


def test_the_web_activity_sends_what_is_read_as_a_failure_of_its_own_run() -> None:
    made = activity()["typeProperties"]
    body = {
        key: VALUES.get(value.removeprefix("@{").removesuffix("}"), value)
        for key, value in made["body"].items()
    }
    push = read_push(body, [PROD])
    assert (push.factories, push.condition) == (("prod",), "Fired")
    assert (push.pipelines, push.run_ids) == (("ProcessOrders",), (VALUES["pipeline().RunId"],))
    assert made["url"].endswith(ROUTE)
    assert made["authentication"]["type"] == "MSI"


def test_the_action_group_sends_the_schema_that_is_read_with_a_token() -> None:
    text = bicep()
    assert "useCommonAlertSchema: true" in text
    assert "useAadAuth: true" in text
    assert SCHEMA == "azureMonitorCommonAlertSchema"


def test_each_rule_is_of_a_metric_of_data_factory_split_by_name() -> None:
    metrics = re.findall(r"metric: '(\w+)'", bicep())
    assert metrics == ["PipelineFailedRuns", "PipelineElapsedTimeRuns", "TriggerFailedRuns"]
    assert "metricNamespace: 'Microsoft.DataFactory/factories'" in bicep()
    assert "dimensions: byName" in bicep()


def test_the_script_of_the_page_signs_as_the_endpoint_checks() -> None:
    page = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert f"{SIGNATURE}: t=$NOW,v1=$HEX" in page
    assert 'printf \'%s.%s\' "$NOW" "$BODY" | openssl dgst -sha256 -hmac' in page
    mac = hmac.new(b"secret", b"17.{}", "sha256").hexdigest()
    assert signature_of(b"secret", 17, b"{}") == f"t=17,v1={mac}"
