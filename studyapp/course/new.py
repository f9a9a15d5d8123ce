"""`studyapp course new DIR`: a small course that passes the check, to be written over."""

from __future__ import annotations

import re
from pathlib import Path

from studyapp.errors import BadInput

_SCHEMA_LINE = "# yaml-language-server: $schema={schema}\n"

_COURSE = """\
id: {id}
title: "{title}"
format_version: 1
sections:
  - {{id: s01, number: "1", title: "A first section", file: s01.yaml, page: pages/s01.md}}
spine: [first-fact]            # the items to meet first, in order
confusables:                   # kept apart when new, mixed in review
  - {{id: sides, items: [area-of-a-rectangle, first-choice]}}
"""

_FACTS = """\
course: "{title}"
entries:                       # core: items of two kinds test it; useful: one item does; detail: it stands on a page
  - {{id: s01-f01, section: "1", kind: definition, importance: useful, statement: "What learners of this course should know."}}
  - {{id: s01-f02, section: "1", kind: number, importance: core, statement: "The area of a rectangle is height times width."}}
  - {{id: s01-f03, section: "1", kind: misconception, importance: useful, statement: "Doubling both sides of a shape quadruples its area."}}
"""

_SECTION = """\
section: s01
concepts:                      # misconceptions that traps and options name: id -> the label that a learner reads
  perimeter: "adding the sides instead of multiplying them"
  double-is-double: "thinking that the area grows like the side"
  no-change: "thinking that the shape alone decides"
items:
  - id: first-fact             # stable: the learner's history hangs on it; rename through `aliases`
    kind: basic
    facts: [s01-f01]
    ask: "Ask for one thing, in at most 25 words?"
    answer: "Answer it shortly."
    why: "Give the reason, not the answer again, and end with its source. (Author, year)"

  - id: area-of-a-rectangle
    kind: number
    facts: [s01-f02]
    params: {{h: [3, 4, 5], w: [7, 8, 9]}}
    ask: "A rectangle is {{h}} high and {{w}} wide. What is its area?"
    answer: "h * w"
    traps:
      - {{value: "2 * (h + w)", concept: perimeter, say: "{{2 * (h + w)}} is the way around it, not what it covers."}}
    worked: "{{h}} × {{w}} = {{h * w}}"
    why: "Each of the {{h}} rows holds {{w}} unit squares. (Euclid, Elements)"

  - id: first-choice
    kind: choice
    facts: [s01-f03, s01-f02]  # the main one first: items with the same main fact never come on one day
    siblings: [area-of-a-rectangle]
    ask: "Both sides of a square are doubled. What happens to its area?"
    options:
      - {{id: a, text: "four times as large", right: true, say: "Two times in each of two directions."}}
      - {{id: b, text: "it becomes twice as large", concept: double-is-double, say: "That holds for one side alone."}}
      - {{id: c, text: "it stays the same", concept: no-change, say: "The shape stays, the area does not."}}
    why: "Both factors of the product double, and two doublings make four. (Euclid, Elements)"
"""

_PAGE = """\
# A first section

Say in your own words, in a minute, what this section is about.

```
side ──▶ side × side = area
```
"""


def new_course(directory: Path) -> list[Path]:
    """Write the skeleton and return its files; raises BadInput when the directory exists and is not empty."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise BadInput(f"{directory} exists already; name a new or empty directory")
    name = re.sub(r"[^a-z0-9]+", "-", directory.absolute().name.lower()).strip("-") or "course"
    title = name.replace("-", " ").capitalize()
    schema = _SCHEMA_LINE.format(schema="./schema.json")
    texts = {
        "course.yaml": schema + _COURSE.format(id=name, title=title),
        "facts.yaml": schema + _FACTS.format(title=title),
        "s01.yaml": schema + _SECTION.format(),
        "pages/s01.md": _PAGE,
        "schema.json": Path(__file__).with_name("schema.json").read_text("utf-8"),
    }
    written = []
    for relative, text in texts.items():
        path = directory / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
