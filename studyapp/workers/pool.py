"""One long-lived worker per backend: kept warm between jobs, gone after five idle minutes or when the app ends."""

from __future__ import annotations

import atexit
import threading
from types import TracebackType

from studyapp.workers.worker import Setup, Worker


class Workers:
    """The app's workers by name. Close it (or use it as a context manager); what is left is closed at exit."""

    def __init__(self, setup: Setup | None = None) -> None:
        self._setup = setup or Setup()
        self._workers: dict[str, Worker] = {}
        self._lock = threading.Lock()
        atexit.register(self.close)

    @property
    def threads(self) -> int:
        """Threads that numeric libraries may use in each worker."""
        return self._setup.threads

    def get(self, name: str) -> Worker:
        """The worker of that name, not yet started if it is new."""
        with self._lock:
            return self._workers.setdefault(name, Worker(name, self._setup))

    def running(self) -> dict[str, int]:
        """Process ids of the workers that are alive, by name."""
        with self._lock:
            return {name: pid for name, worker in self._workers.items() if (pid := worker.pid) is not None}

    def cancel(self) -> float:
        """End all of them; seconds until they were gone."""
        with self._lock:
            return max((worker.cancel() for worker in self._workers.values()), default=0.0)

    def close(self) -> None:
        with self._lock:
            for worker in self._workers.values():
                worker.close()
            self._workers.clear()
        atexit.unregister(self.close)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
