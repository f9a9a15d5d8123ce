"""The last net: an error that nobody foresaw is written to a file and told in one line."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from pathlib import Path


def report(error: Exception) -> str:
    """Write the traceback to the log folder (else to a temporary file) and return the line for the user."""
    if type(error).__module__ == "sqlite3":
        return f"the database could not be used ({error}); nothing was changed by this command; see `studyapp log verify`"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{error.filename or 'output'}: {os.strerror(error.errno)}"
    text = f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')}\n{traceback.format_exc()}\n"
    return f"something went wrong that is our mistake ({type(error).__name__}: {error}); the details are in {_keep(text)}"


def _keep(text: str) -> Path:
    from studyapp.api import home_dir

    try:
        folder = home_dir(None) / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "errors.log"
        with path.open("a", encoding="utf-8") as handle:
            handle.write(text)
    except OSError:
        handle_, name = tempfile.mkstemp(prefix="studyapp-", suffix=".log")
        os.write(handle_, text.encode())
        os.close(handle_)
        path = Path(name)
    return path
