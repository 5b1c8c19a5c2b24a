"""An empty root folder in which the steps of an image file are run, without a container engine.

It has the system's programs, read-only, and a Python at /usr/local, as the official image has; of
this machine's settings only what pip needs. Each step sees it by mounts of a namespace of its own,
so nothing of it is left when the step ends. Linux, as root.
"""

import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.contract.environments import NoJudge, outcome

LINKS = ("bin", "sbin", "lib", "lib64")
# What a package installer needs of the machine: names of hosts, certificates, where registries are.
SETTINGS = ("resolv.conf", "hosts", "nsswitch.conf", "ssl", "pip.conf", "xdg", "ca-certificates")
# The interpreter's own library comes before another one of the same name, as in the official image.
WRITTEN = {
    "ld.so.conf": "/usr/local/lib\n",
    "passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "group": "root:x:0:\n",
    "shadow": "root:*:1:0:99999:7:::\n",
}
PLAIN = {"PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RootFolder:
    """One stage of an image: its files, and how something is run in it."""

    path: Path

    def inside(self, place: str) -> Path:
        """Where a path of the image lies on this machine."""
        return self.path / place.lstrip("/")

    def command(
        self, words: Sequence[str], user: str, folder: str, environment: Mapping[str, str]
    ) -> Sequence[str]:
        """The command that runs `words` as a user, with nothing of our environment."""
        who = ["setpriv", *_identity(user)] if user else []
        given = [f"{name}={value}" for name, value in environment.items()]
        then = shlex.join(["env", "-i", *given, *who, *words])
        enter = f"cd {shlex.quote(folder)} && exec {then}"
        chroot = shlex.join(["chroot", str(self.path), "/bin/sh", "-c", enter])
        script = " && ".join([*(_mount(one, self.path) for one in _mounted()), f"exec {chroot}"])
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]

    async def run(
        self, words: Sequence[str], user: str, folder: str, environment: Mapping[str, str]
    ) -> str:
        """What a step says; NoJudge when it fails."""
        code, out, err = await outcome(self.command(words, user, folder, environment))
        if code:
            raise NoJudge(f"{shlex.join(words)[:200]} ended with {code}: {err.strip()[-500:]}")
        return out


async def make_root(path: Path) -> RootFolder:
    """An empty one, with nobody but root in its list of users."""
    _lay_out(path)
    root = RootFolder(path=path)
    await root.run(["ldconfig"], "", "/", PLAIN)
    return root


def _lay_out(path: Path) -> None:
    for name in ("usr", "etc", "tmp", "dev", "proc", "opt", "root"):
        (path / name).mkdir(parents=True)
    (path / "tmp").chmod(0o1777)
    for name in LINKS:
        if Path("/", name).is_symlink():
            (path / name).symlink_to(Path("/", name).readlink())
    for name in SETTINGS:
        source = Path("/etc", name)
        if source.is_dir():
            shutil.copytree(source, path / "etc" / name, symlinks=True)
        elif source.exists():
            shutil.copy(source, path / "etc" / name)
    for name, text in WRITTEN.items():
        (path / "etc" / name).write_text(text, encoding="utf-8")


def _mounted() -> Sequence[tuple[str, str]]:
    """What is mounted where: programs, this interpreter as the image's, devices."""
    return [("/usr", "usr"), (sys.base_prefix, "usr/local"), ("/dev", "dev"), ("/opt", "opt")]


def _mount(mounted: tuple[str, str], root: Path) -> str:
    source, place = mounted
    at = shlex.quote(str(root / place))
    bind = f"mount --rbind {shlex.quote(source)} {at}"
    return bind if place == "dev" else f"{bind} && mount -o remount,bind,ro {at}"


def _identity(user: str) -> Sequence[str]:
    uid, _, gid = user.partition(":")
    return ["--reuid", uid, "--regid", gid or uid, "--clear-groups", "--no-new-privs"]
