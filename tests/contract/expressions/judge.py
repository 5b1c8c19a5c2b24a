"""Run by the judge's own interpreter: a case per line in, what Microsoft's evaluator says out.

It imports nothing of ours. The evaluator is .NET, which mono runs; the framework around it has a
parser of its own that refuses plain literals, so it is only asked where a case sees something.
"""

# pyright: basic, reportMissingImports=false
import json
import sys
from typing import Any

import pythonnet

SIGN = "ANSWER "


def _start(libmono: str) -> None:
    pythonnet.load("mono", libmono=libmono)
    # The framework loads a runtime too, and a process can have only one.
    pythonnet.load = lambda *_, **__: None


def _answer(case: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"judge": _value(case["expr"], case["state"]), "err": None}
    except Exception as error:  # noqa: BLE001 - whatever it raises is a refusal
        lines = str(error.__cause__ or error).strip().splitlines()
        return {"judge": None, "err": (lines or ["refused"])[0][:120]}


def _value(expression: str, seen: dict[str, Any]) -> Any:  # noqa: ANN401
    from data_factory_testing_framework._pythonnet import (
        data_factory_testing_framework_expressions_evaluator as direct,
    )
    from data_factory_testing_framework.models import DataFactoryElement

    if any(seen.values()):
        return DataFactoryElement(expression).evaluate(_state(seen))
    evaluator = direct.DataFactoryTestingFrameworkExpressionsEvaluator
    return evaluator.evaluate(expression, _state(seen))


def _state(seen: dict[str, Any]) -> Any:  # noqa: ANN401
    from data_factory_testing_framework import state

    kinds = {"params": "Pipeline", "global": "Global", "sys": "System"}
    made = state.PipelineRunState(
        parameters=[
            state.RunParameter(getattr(state.RunParameterType, kind), name, value)
            for key, kind in kinds.items()
            for name, value in seen[key].items()
        ],
        variables=[state.PipelineRunVariable(name, value) for name, value in seen["vars"].items()],
        iteration_item=seen["item"],
    )
    for name, result in seen["acts"].items():
        made.add_activity_result(name, state.DependencyCondition.SUCCEEDED, result["output"])
    return made


if __name__ == "__main__":
    _start(sys.argv[1])
    for line in sys.stdin:
        print(SIGN + json.dumps(_answer(json.loads(line))), flush=True)
