"""Other judges of free text beside the grader of `study/grading/free`: a sentence-embedding model, an OpenAI-compatible endpoint.

A judge gives a `Graded` or raises `NoVerdict`; `Panel.grade` asks it and falls back to the default with a notice.
"""

from studyapp.judges.contract import DEFAULT, Judge, Judged, NoVerdict
from studyapp.judges.panel import Panel
from studyapp.judges.registry import FORMS, parse, resolve

__all__ = ["DEFAULT", "FORMS", "Judge", "Judged", "NoVerdict", "Panel", "parse", "resolve"]
