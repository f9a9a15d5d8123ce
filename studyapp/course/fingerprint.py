"""Whether a course changed since it was compiled: a cheap signature for every start, an exact hash when that differs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

FORMAT = 2  # of the compiled rows: raise it when compile.py gives other rows for the same files


def stat_signature(directory: Path) -> str:
    """Of relative paths, sizes and modification times; reads no file. Raises OSError when the directory cannot be listed."""
    lines = [f"stat {FORMAT}"]
    for relative, entry in _files(directory):
        stat = entry.stat()
        lines.append(f"{relative!a} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(lines)  # not hashed: loading OpenSSL would cost more than keeping a few hundred bytes


def content_hash(directory: Path) -> str:
    """Of relative paths and contents: the same for a copy of the course in another place."""
    from hashlib import sha256

    digest = sha256(f"content {FORMAT}\n".encode())
    for relative, entry in _files(directory):
        data = Path(entry.path).read_bytes()
        digest.update(f"{relative}\0{len(data)}\n".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()


def _files(directory: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All files below, sorted, without hidden ones and editors' backups; links to directories are not followed."""
    yield from sorted(_walk(str(directory), ""), key=lambda pair: pair[0])


def _walk(directory: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith("~") or entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file():
                yield prefix + entry.name, entry
