"""What can go wrong with a child process, each as one clear line."""

from __future__ import annotations

from studyapp.errors import BadInput, EnvironmentProblem, StudyError


class WorkerFailed(EnvironmentProblem):
    """The job raised, or its process died or went over a limit. `detail` is the traceback or the tail of stderr, for the log."""

    def __init__(self, say: str, detail: str = "") -> None:
        super().__init__(say)
        self.detail = detail


class WorkerCancelled(StudyError):
    """The job was cancelled on request (exit code 130)."""

    exit_code = 130


def failure(end: dict[str, object], what: str) -> StudyError:
    """The exception for a job's unhappy end: the job's own BadInput, or WorkerFailed with one line."""
    say, kind, code = str(end.get("say", "")), str(end.get("kind", "")), end.get("code")
    if code == 2:
        return BadInput(say)
    detail = str(end.get("traceback", ""))
    if code == 3:
        return WorkerFailed(say if kind != "Memory" else f"{what} was stopped: {say}", detail)
    if kind in ("ModuleNotFoundError", "ImportError"):
        return WorkerFailed(
            f"{what} needs a library that is not installed: {say}; install the lab runtime: pip install 'studyapp[labs]'", detail
        )
    return WorkerFailed(f"{what} failed: {kind}: {say}", detail)
