"""`make contract`: our reader of expressions before Microsoft's own evaluator.

`--record` writes its answers into tests/data/expressions/recorded.jsonl, by which `make test`
judges without it. Needs the package registry at the first time, and mono.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.contract.environments import NoJudge, make_environment, run
from tests.contract.expressions.cases import Case, every_case
from tests.contract.expressions.verdicts import RECORDED, Answer, verdict_on

HERE = Path(__file__).parent
FOLDER = "expressions"
PACKAGE = "data-factory-testing-framework==1.4.4"
SIGN = "ANSWER "
_MONO = ("/usr/lib/libmonosgen-2.0.so.1", "/usr/lib64/libmonosgen-2.0.so.1")


async def main(words: Sequence[str]) -> int:
    """Ask, compare, print what differs; not nought where our reader is wrong anywhere."""
    cases = every_case()
    try:
        answers = await ask_judge(cases)
    except NoJudge as missing:
        print(f"nothing was judged: {missing}")
        return 2
    if "--record" in words:
        lines = (
            json.dumps({"expr": case["expr"], **one})
            for case, one in zip(cases, answers, strict=True)
        )
        RECORDED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return _report(cases, answers)


def _report(cases: Sequence[Case], answers: Sequence[Answer]) -> int:
    verdicts = [verdict_on(case, one) for case, one in zip(cases, answers, strict=True)]
    for case, answer, verdict in zip(cases, answers, verdicts, strict=True):
        if verdict == "wrong":
            print(f"WRONG   {case['expr']}: the judge says {answer}")
    counts = {one: verdicts.count(one) for one in ("same", "unknown", "refused", "wrong", "quirk")}
    print(f"{len(cases)} expressions: {counts}")
    return 1 if counts["wrong"] else 0


async def ask_judge(cases: Sequence[Case]) -> list[Answer]:
    """What Microsoft's evaluator says to each case."""
    libmono = _libmono()
    python = await make_environment(FOLDER, PACKAGE)
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    said = await run([str(python), str(HERE / "judge.py"), libmono], lines)
    answers = [
        json.loads(one.removeprefix(SIGN)) for one in said.splitlines() if one.startswith(SIGN)
    ]
    if len(answers) != len(cases):
        raise NoJudge(f"{len(answers)} answers to {len(cases)} cases")
    return answers


def _libmono() -> str:
    found = next((one for one in _MONO if Path(one).exists()), None)
    if found is None or shutil.which("mono") is None:
        raise NoJudge("mono is missing (Debian: apt-get install mono-runtime mono-devel)")
    return found


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
