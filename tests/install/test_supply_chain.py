"""What the image runs on is pinned to the last file, and the lock says what requirements say."""

import re
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
from packaging.requirements import Requirement

from tests.install.sbom import LOCK, LockedPackage, locked, sbom

ROOT = LOCK.parents[1]
LOCKED = {one.name: one for one in locked(LOCK.read_text(encoding="utf-8"))}
MAKE_LOCK = "run make lock"


def required() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(one) for one in lines if one and not one.startswith("#")]


def name_of(one: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", one.name).lower()


def test_every_requirement_is_locked_at_its_version() -> None:
    for one in required():
        assert f"=={LOCKED[name_of(one)].version}" == str(one.specifier), MAKE_LOCK


@pytest.mark.parametrize("package", LOCKED.values(), ids=lambda one: one.name)
def test_every_package_is_locked_by_the_hashes_of_its_files(package: LockedPackage) -> None:
    assert package.hashes, MAKE_LOCK


def test_whatever_a_package_needs_is_locked_too() -> None:
    waiting, seen = [name_of(one) for one in required()], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for text in _requires(name):
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(name_of(needed))
    assert {one for one in seen if _is_installed(one)} - LOCKED.keys() == set(), MAKE_LOCK


def _requires(name: str) -> list[str]:
    return (requires(name) or []) if _is_installed(name) else []


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def test_the_image_takes_nothing_without_its_hash_and_a_base_by_digest() -> None:
    image = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in image
    assert "ARG BASE=" in image
    assert re.findall(r"^FROM (\S+)", image, re.MULTILINE) == ["${BASE}", "${BASE}"]


def test_the_bill_of_materials_names_every_package() -> None:
    listed = sbom(tuple(LOCKED.values()))["components"]
    assert {one["name"] for one in listed} == LOCKED.keys()
    assert all(one["purl"].startswith("pkg:pypi/") and one["hashes"] for one in listed)
