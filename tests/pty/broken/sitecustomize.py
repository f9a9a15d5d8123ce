"""Breaks the study screen from outside, to see how an unforeseen error ends."""

import sys
from importlib.abc import MetaPathFinder


class Breaker(MetaPathFinder):
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "studyapp.tui.screens.study":
            raise RuntimeError("broken on purpose")


sys.meta_path.insert(0, Breaker())
