"""Whether all that onpu needs can be had as wheels, for each platform and each version of Python.

    python -m benchmarks.platforms UV [--only windows,macos] [--results FOLDER] [--dry]

UV: the program `uv` (`pip install uv`); with UV_OFFLINE=1 it answers from what the registry has told it before. It
resolves the requirements of `pyproject.toml`, and those of each extra, for another platform than this one from what is
told of each wheel; nothing is downloaded or installed. What pyproject.toml itself leaves out for a platform or a
version of Python is named in the table. pip's own dry run asks this machine's platform which
requirements count, so it cannot answer for another one. What runs on these platforms is another question:
`docs/install.md` says where the tests have run. Table: benchmarks/results/platforms.md.
"""

import os
import re
import subprocess
import tomllib
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from packaging.requirements import Requirement

from benchmarks.paths import ROOT
from benchmarks.report import parser, run, save, table
from onpu.errors import OnpuError

PLATFORMS = {"linux x86-64": "x86_64-manylinux_2_28", "linux arm64": "aarch64-manylinux_2_28",
             "macos arm64": "aarch64-apple-darwin", "macos x86-64": "x86_64-apple-darwin", "windows x86-64": "windows"}
"""As they are called -> as uv calls them."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
NOT_FOR_USERS = ("dev", "docs")
"""Extras that only developers install."""
SYSTEMS = {"linux": ("linux", "Linux"), "macos": ("darwin", "Darwin"), "windows": ("win32", "Windows")}
"""Beginning of a platform's name -> what Python calls it there (`sys.platform`, `platform.system()`)."""
MOST_SECONDS = 600.0
OLDEST_MACOS = "14.0"
"""For which wheels of torch and onnxruntime are made."""


def main() -> None:
    """Resolve all and write platforms.md."""
    arguments = parser(__doc__)
    arguments.add_argument("uv", type=Path)
    arguments.add_argument("--only", default=",".join(PLATFORMS), help="beginnings of platforms' names, by commas")
    given = arguments.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = ["", *(extra for extra in project["optional-dependencies"] if extra not in NOT_FOR_USERS)]
    platforms = [name for name in PLATFORMS if name.startswith(tuple(given.only.split(",")))]
    rows, reasons = [], dict[str, list[str]]()
    for name, python in product(platforms, PYTHONS):
        answers = {extra: resolved(given.uv, PLATFORMS[name], python, extra) for extra in wanted}
        rows.append([name, python, *(
            "no" if answer else left_out(project["optional-dependencies"].get(extra, []), name, python) or "yes"
            for extra, answer in answers.items())])
        lacking = [""] if answers[""] else [extra for extra, answer in answers.items() if answer]
        for extra in lacking:  # every extra needs what onpu itself needs
            reasons.setdefault(answers[extra], []).append(f"{name}, Python {python}{f' [{extra}]' if extra else ''}")
    save(given, "platforms", "Platforms on which all requirements can be had as wheels", [
        table(["platform", "Python", "onpu", *(f"[{extra}]" for extra in wanted[1:])], rows),
        "".join(f"- {reason}: {'; '.join(where)}\n" for reason, where in reasons.items())])


def left_out(requirements: Sequence[str], platform: str, python: str) -> str:
    """`without …`: requirements of an extra that its own conditions leave out; empty where there are none."""
    system, name = SYSTEMS[platform.partition(" ")[0]]
    there = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system,
             "platform_system": name}
    found = map(Requirement, requirements)
    missing = [each.name for each in found if each.marker is not None and not each.marker.evaluate(there)]
    return f"without {', '.join(missing)}" if missing else ""


def resolved(uv: Path, platform: str, python: str, extra: str) -> str:
    """What prevents the requirements from being resolved, in one line; empty where nothing does."""
    command = [str(uv), "pip", "compile", "--quiet", "--no-header", "--only-binary", ":all:",
               "--python-platform", platform, "--python-version", python,
               *(["--extra", extra] if extra else []), str(ROOT / "pyproject.toml")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, cwd=ROOT,
                              env=os.environ | {"MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS})
    except FileNotFoundError as error:
        raise OnpuError(f"{uv}: no such program; pip install uv and give where it is") from error
    except subprocess.TimeoutExpired:
        return f"no answer in {MOST_SECONDS:.0f} s"
    if done.returncode == 0:
        return ""
    package = re.search(r"[Bb]ecause ([\w-]+)", done.stderr)
    return f"no wheel of {package[1]} fits" if package else " ".join(done.stderr.split())[:200]


if __name__ == "__main__":
    run(main)
