"""A copy of the tree in which a test follows a recipe of CONTRIBUTING, and proves it there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = (
    *("adf", "bot", "cards", "deploy", "manifest", "tests"),
    *(
        ".dockerignore",
        ".env.example",
        "app.py",
        "CONTRIBUTING.md",
        "README.md",
        "pyproject.toml",
        "requirements.txt",
    ),
)
# Compiled modules come along: they are as new as their sources, and importing takes half the time.
LEFT_OUT = shutil.ignore_patterns("browser", "crash", "evals.jsonl", "node_modules")

Change = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What following a recipe writes: new files, and what stands in others in place of what.

    `tests` are changes of the same kind that go to samples and pinned lists, `proof` is a test
    of the result: the path in the copy, and the text.
    """

    title: str
    new: Mapping[str, str] = field(default_factory=dict[str, str])
    changed: Mapping[str, Sequence[Change]]
    tests: Mapping[str, Sequence[Change]] = field(default_factory=dict[str, Sequence[Change]])
    proof: Change

    @property
    def files(self) -> frozenset[str]:
        """Every file of the product that it touches."""
        return frozenset({*self.new, *self.changed})

    @property
    def text(self) -> str:
        """The recipe as CONTRIBUTING has it."""
        contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        found = re.search(rf"### {self.title}\n(.*?)\n###? ", contributing, re.DOTALL)
        assert found is not None, self.title
        return found[1]


def named_in(recipe: Recipe) -> frozenset[str]:
    """The files that its steps name; NEW and CARD stand for a name of one's own."""
    first = re.search(r"^1\. .*?(?=\n\n|\Z)", recipe.text, re.DOTALL | re.MULTILINE)
    steps = first[0] if first else ""
    return frozenset(re.findall(r"`((?:adf|bot|cards|deploy)/[\w/-]+\.(?:py|json))`", steps))


def copy_tree(tree: Path) -> None:
    """The product and its tests, as they are, into an empty folder."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, tree / name)
    # pyproject.toml leads the type checker there.
    (tree / ".venv").symlink_to(sys.prefix)


def follow(recipe: Recipe, tree: Path) -> Path:
    """Write into a copy of the tree what the recipe says; the path of the proof."""
    for name, text in recipe.new.items():
        assert not (tree / name).exists(), name
        (tree / name).write_text(text, encoding="utf-8")
    for name, changes in (*recipe.changed.items(), *recipe.tests.items()):
        _change(tree / name, changes)
    path, text = recipe.proof
    (tree / path).write_text(text, encoding="utf-8")
    return tree / path


def run(tree: Path, *command: str) -> str:
    """What a Python module puts out in the copy; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def passed(tree: Path, *paths: str) -> int:
    """How many tests of the copy passed; none may fail."""
    out = run(tree, "pytest", "-q", "-p", "no:xdist", "-m", "not prove", *paths)
    found = re.search(r"(\d+) passed", out)
    assert found is not None, out
    return int(found[1])


def _change(file: Path, changes: Sequence[Change]) -> None:
    text = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, (file, before)
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
