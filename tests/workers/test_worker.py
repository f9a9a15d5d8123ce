"""A worker process does jobs, says what went wrong in one line, stops on request, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from studyapp.errors import BadInput
from studyapp.workers.pool import Workers
from studyapp.workers.problems import WorkerCancelled, WorkerFailed
from studyapp.workers.worker import Limits, Setup, Worker

SLACK = 4  # the machine may be busy with other tests
Until = Callable[[Callable[[], bool]], None]


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie that waits for its parent."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_job_reports_its_events_in_order_and_then_its_result(worker: Worker) -> None:
    job = worker.submit("worker_jobs:add", {"numbers": [1, 2, 3]})
    assert list(job) == [{"saw": 1}, {"saw": 2}, {"saw": 3}]
    assert job.result == 6


def test_jobs_of_one_worker_share_one_process_and_are_done_one_after_another(worker: Worker) -> None:
    first, second = worker.submit("worker_jobs:pid", {}), worker.submit("worker_jobs:pid", {})
    assert second.wait() == first.wait() == worker.pid
    assert worker.pid != os.getpid()


def test_what_a_job_prints_does_not_break_the_protocol(worker: Worker, until: Until) -> None:
    assert worker.submit("worker_jobs:prints", {}).wait() == "fine"
    until(lambda: "this goes astray" in worker.stderr_tail() and "so does this" in worker.stderr_tail())


@pytest.mark.parametrize(
    ("kind", "error", "line"),
    [
        ("input", BadInput, "that cannot be used"),
        ("bug", WorkerFailed, "the test worker failed: ZeroDivisionError: oops"),
        ("exit", WorkerFailed, "the test worker failed: SystemExit: 4"),
        ("import", WorkerFailed, "pip install 'studyapp[labs]'"),
    ],
)
def test_a_job_that_raises_gives_one_line_and_leaves_the_worker_alive(worker: Worker, kind: str, error: type[Exception], line: str) -> None:
    with pytest.raises(error, match=line.replace("[", r"\[")) as caught:
        worker.submit("worker_jobs:raises", {"kind": kind}).wait()
    assert "\n" not in str(caught.value)
    assert worker.submit("worker_jobs:add", {"numbers": [2]}).wait() == 2


def test_a_value_that_is_no_json_is_an_error_of_the_job(worker: Worker) -> None:
    with pytest.raises(WorkerFailed, match="ValueError"):
        worker.submit("worker_jobs:not_json", {}).wait()


@pytest.mark.parametrize(("payload", "line"), [({}, "code 9: a last word"), ({"signal": signal.SIGKILL}, "SIGKILL .out of memory")])
def test_a_worker_that_dies_is_one_clear_line_and_the_next_job_starts_another(worker: Worker, payload: dict[str, Any], line: str) -> None:
    job = worker.submit("worker_jobs:dies", payload)
    with pytest.raises(WorkerFailed, match=line) as caught:
        job.wait()
    assert "\n" not in str(caught.value)
    assert worker.submit("worker_jobs:add", {"numbers": [1]}).wait() == 1


def test_a_frozen_worker_is_ended_when_no_sign_of_life_comes(worker: Worker) -> None:
    job = worker.submit("worker_jobs:freezes", {}, Limits(hang_s=2))
    with pytest.raises(WorkerFailed, match=r"no sign of life for 2 s"):
        job.wait()
    assert not worker.alive


def test_the_time_limit_starts_when_loading_is_over(worker: Worker) -> None:
    with pytest.raises(WorkerFailed, match=r"longer than 0\.3 s"):
        worker.submit("worker_jobs:spins", {}, Limits(time_s=0.3, load_s=60)).wait()


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="only Linux tells how long a process waited for a core")
def test_what_other_processes_take_counts_neither_as_its_time_nor_against_its_limit(worker: Worker) -> None:
    limit = 3.0
    job = worker.submit("worker_jobs:crowded", {"others": 7, "seconds": 0.8}, Limits(time_s=limit))
    assert job.wait() > limit
    assert 0.5 < job.seconds < limit


def test_loading_has_a_limit_of_its_own(worker: Worker) -> None:
    with pytest.raises(WorkerFailed, match=r"did not finish loading in 0\.3 s"):
        worker.submit("worker_jobs:loads_forever", {}, Limits(time_s=60, load_s=0.3)).wait()


def test_a_job_that_takes_too_much_memory_is_stopped_and_named(worker: Worker) -> None:
    with pytest.raises(WorkerFailed, match=r"was stopped: it used .* MB of memory where 150 MB are allowed"):
        worker.submit("worker_jobs:swells", {}, Limits(memory_mb=150)).wait()


@pytest.mark.parametrize("stubborn", [False, True])
def test_cancel_ends_a_busy_worker_within_half_a_second_and_releases_its_reader(worker: Worker, stubborn: bool) -> None:
    job = worker.submit("worker_jobs:spins", {"stubborn": stubborn})
    caught: list[Exception] = []
    pids: list[int] = []
    begun = threading.Event()

    def read() -> None:
        try:
            for event in job:
                pids.append(event["pid"])
                begun.set()
        except Exception as error:
            caught.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(20)
    seconds = worker.cancel()
    reader.join(5)
    assert seconds <= 0.5 * SLACK
    assert isinstance(caught[0], WorkerCancelled)
    assert caught[0].exit_code == 130
    assert not alive(pids[0])
    assert worker.submit("worker_jobs:add", {"numbers": [3]}).wait() == 3, "a cancelled worker starts again"


def test_a_process_that_was_ended_and_is_not_yet_reaped_is_not_given_another_job(worker: Worker) -> None:
    """Its reader may hold the lock of Popen for a moment after cancel, and poll() then takes a dead process for a running one."""
    first = worker.submit("worker_jobs:pid", {}).wait()
    process = worker._process
    assert process is not None
    with process._waitpid_lock:  # type: ignore[attr-defined]
        worker.cancel()
        assert worker.submit("worker_jobs:pid", {}).wait() != first


def test_cancel_also_ends_what_the_worker_had_started(worker: Worker, until: Until) -> None:
    events = iter(worker.submit("worker_jobs:has_child", {}))
    grandchild = next(events)["pid"]
    assert alive(grandchild)
    worker.cancel()
    until(lambda: not alive(grandchild))


def test_an_idle_worker_leaves_and_comes_back_when_needed(until: Until) -> None:
    worker = Worker("idle", Setup(idle_s=0.1, beat_s=0.05))
    first = worker.submit("worker_jobs:pid", {}).wait()
    until(lambda: not worker.alive)
    second = worker.submit("worker_jobs:pid", {}).wait()
    assert first != second
    worker.close()


def test_a_job_given_to_a_worker_that_is_just_leaving_is_done_by_the_next_one(until: Until) -> None:
    worker = Worker("leaving", Setup(idle_s=0.01, beat_s=0.05))
    for _ in range(5):
        job = worker.submit("worker_jobs:add", {"numbers": [1]})
        assert job.wait() == 1
    worker.close()


def test_a_worker_is_gone_when_its_parent_was_killed(until: Until, tmp_path: Any) -> None:
    parent = (
        "import sys, time\n"
        f"sys.path[:] = {[os.path.abspath(entry) for entry in sys.path]!r}\n"
        "from studyapp.workers.worker import Worker\n"
        "worker = Worker('orphan')\n"
        "print(next(iter(worker.submit('worker_jobs:spins', {})))['pid'], flush=True)\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    assert alive(pid)
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: not alive(pid))


def test_a_worker_starts_with_the_threads_it_may_use_and_imports_nothing_of_ours() -> None:
    with Workers(Setup(threads=2)) as workers:
        threads, modules = workers.get("one").submit("worker_jobs:threads", {}).wait()
    assert threads == "2"
    assert modules == []


def test_closing_the_pool_ends_every_worker_and_one_name_is_one_worker() -> None:
    with Workers() as workers:
        assert workers.get("a") is workers.get("a")
        for name in ("a", "b"):
            workers.get(name).start()
        pids = list(workers.running().values())
        assert len(pids) == 2
        started = time.monotonic()
    assert time.monotonic() - started < 5
    assert not any(alive(pid) for pid in pids)
