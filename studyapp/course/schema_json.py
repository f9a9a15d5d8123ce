"""The JSON Schema of the course files, for editors and for `studyapp course schema`.

`schema.json` beside this file is its committed copy; course files name it in their first line.
`python -m studyapp.course.schema_json` writes it anew after a change of the format.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from studyapp.course.schema import CourseFile, FactsFile, SectionFile

FILE = Path(__file__).with_name("schema.json")


def schema_json() -> str:
    """One schema for the three sorts of files, told apart by what they hold: `items`, `entries`, else course.yaml."""
    _, definitions = models_json_schema(
        [(model, "validation") for model in (SectionFile, FactsFile, CourseFile)], ref_template="#/$defs/{model}"
    )
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "studyapp course files",
        "if": {"required": ["items"]},
        "then": {"$ref": "#/$defs/SectionFile"},
        "else": {
            "if": {"required": ["entries"]},
            "then": {"$ref": "#/$defs/FactsFile"},
            "else": {"$ref": "#/$defs/CourseFile"},
        },
        "$defs": definitions["$defs"],
    }
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_json(), encoding="utf-8")
