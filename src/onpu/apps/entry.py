"""The program `onpu`, which ends within seconds of Ctrl-C or SIGTERM, without a word and with nothing half-written."""

import signal

from onpu.interrupts import INTERRUPTED, end_at_once, end_on, interrupted, received


def main() -> None:
    """See `onpu.apps.cli.main`, which is imported here so that this holds from the first moment on."""
    end_on()
    try:
        from onpu.apps.cli import main as run

        run()
    except KeyboardInterrupt:
        end_at_once(received())
    except SystemExit as end:
        if interrupted() or end.code == INTERRUPTED + signal.SIGINT:  # what Typer makes of an interruption
            end_at_once(received())
        raise
    except Exception:
        if interrupted():  # helpers that the signal has ended too, as those of a DataLoader, are missed
            end_at_once(received())
        raise
