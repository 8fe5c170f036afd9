"""What tests of pages need: node, a browser without windows, and packages of `web/`."""

import os

import pytest

from benchmarks.paths import CHROMIUM, NODE, ROOT


def require_browser(package: str) -> None:
    """Leave a test out where node, Chromium or a package of `web/` is not there."""
    for found, what in ((NODE, "node is not installed"), (CHROMIUM, "chromium is not installed"),
                        ((ROOT / "web/node_modules" / package).is_dir(), "run `npm ci` in web/")):
        if not found:
            leave_out(what)


def leave_out(reason: str) -> None:
    """Leave a test of a page out, which fails instead where browsers are `needed` (`.ci/run`)."""
    (pytest.fail if os.environ.get("ONPU_BROWSER") == "needed" else pytest.skip)(f"no browser test: {reason}")
