"""The report: one HTML file to look at and listen to a recording with what was found in it, without a network.

The page itself (`page.html`) is built from `web/`, by `make web`; here it gets its contents.
"""

from onpu.formats.report.writing import write_report

__all__ = ["write_report"]
