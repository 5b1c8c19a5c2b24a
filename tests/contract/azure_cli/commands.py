"""The commands of deploy/README.md as a shell hands them to `az`: quotes, variables and all.

The blocks are run by bash, one after the other as a reader runs them, in a copy of the folder where
`az` and everything else that reaches out is a stand-in: it writes down what it was given, and says
something of the kind that the real one says.
"""

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "deploy" / "README.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(az [^`]+)`")
# What the reader is to put in the place of a word in capitals, or does not take from the page.
GIVEN = "NEW_VERSION=0.2.0; set -u\n"
OTHERS = ("docker", "curl", "python3", "python", "openssl")
RECORD = """#!{python}
import json, sys
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
print("11111111-2222-4333-8444-555555555555")
"""

Words = tuple[str, ...]


class GuideBroken(Exception):
    """A block of the page that a shell cannot run."""


def commands(folder: Path) -> Sequence[Words]:
    """Every command that is given to `az`, in the order of the page, each once.

    `folder` is where they are run; what they write and read stays there.
    """
    text = GUIDE.read_text(encoding="utf-8")
    inline = [one for one in _inline(text) if _is_whole(one)]
    return list(dict.fromkeys(_handed_over([*BLOCK.findall(text), *inline], folder)))


def mentioned() -> Sequence[Words]:
    """Commands that the page names without saying how they go on."""
    inline = _inline(GUIDE.read_text(encoding="utf-8"))
    return list(dict.fromkeys(tuple(one.split()[1:]) for one in inline if not _is_whole(one)))


def _inline(text: str) -> Sequence[str]:
    """The commands in the sentences, each on one line."""
    return [" ".join(one.split()) for one in INLINE.findall(BLOCK.sub("", text))]


def _is_whole(command: str) -> bool:
    return " -" in command


def _handed_over(blocks: Sequence[str], folder: Path) -> Iterator[Words]:
    """Run the blocks in one shell; what its `az` was given."""
    log, tools = folder / "log", folder / "bin"
    tools.mkdir()
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    _write_tool(tools / "az", RECORD.format(python=sys.executable, log=str(log)))
    for name in OTHERS:
        _write_tool(tools / name, "#!/bin/sh\ncat > /dev/null < /dev/null\necho stand-in\n")
    done = subprocess.run(
        ["bash", "-c", f"PATH={tools}:$PATH; {GIVEN}" + "\n".join(blocks)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode or done.stderr:
        raise GuideBroken(done.stderr.strip() or f"ended with {done.returncode}")
    for line in log.read_text(encoding="utf-8").splitlines():
        yield tuple(json.loads(line))


def _write_tool(path: Path, script: str) -> None:
    path.write_text(script, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
