"""A job that is cancelled while its process is starting, or before it is asked for, is not done."""

import threading

import pytest

from onpu.workbench import process
from onpu.workbench.job_thread import JobThread
from onpu.workbench.process import WorkerError, WorkerProcess

MEMORY = 2**31


def told(path, progress):
    """A job: leave a trace."""
    with open(path, "w") as file:
        file.write("done")
    return {"told": path}


@pytest.fixture
def worker():
    worker = WorkerProcess(MEMORY)
    yield worker
    worker.end("the test ends")


def test_what_is_ended_while_its_process_starts_is_not_done_and_the_next_job_is(worker, tmp_path, monkeypatch):
    class Slow(process.Worker):
        """Somebody cancels while it starts."""

        def __init__(self, *arguments):
            canceller = threading.Thread(target=worker.end, args=("it was cancelled",))
            canceller.start()
            canceller.join()
            super().__init__(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(process, "Worker", Slow)
        with pytest.raises(WorkerError, match=r"^it was cancelled$"):
            worker.call(told, {"path": str(tmp_path / "first")}, 60.0)
    assert worker._worker is None and not (tmp_path / "first").exists()
    assert worker.call(told, {"path": str(tmp_path / "second")}, 60.0) == {"told": str(tmp_path / "second")}
    assert (tmp_path / "second").read_text() == "done" and not (tmp_path / "first").exists()


class Impatient(JobThread):
    """Its job is cancelled after it was begun, before the process is asked to do it."""

    def step(self):
        raise NotImplementedError

    def done(self, path, cancelled):
        self._begin("job")
        if cancelled:
            self._end_current("job")
        try:
            return self.worker.call(told, {"path": str(path)}, 60.0, self._advance)
        finally:
            self._finish()


def test_what_is_cancelled_before_its_process_is_asked_for_is_not_done(worker, tmp_path):
    jobs = Impatient("impatient", worker)
    with pytest.raises(WorkerError, match=r"^it was cancelled$"):
        jobs.done(tmp_path / "first", cancelled=True)
    assert not (tmp_path / "first").exists()
    assert jobs.done(tmp_path / "second", cancelled=False) == {"told": str(tmp_path / "second")}
