"""`studyapp course new DIR --lab`: a lab of one question and one code task in a package of its own, to be written over.

CONTRIBUTING.md shows the same file; a test builds it into a wheel, installs that, and holds it to the contract.
"""

from __future__ import annotations

from pathlib import Path

from studyapp.errors import BadInput

MODULE = "tubelets_lab.py"

LAB = '''\
"""How many tubelets a clip becomes: a question with a trap, and the same as a function to write."""
from random import Random

from studyapp.labkit.api import CodeQuestion, CodeReport, Fact, Hint, Mutant, NumberQuestion, Plan, Progress, Trap, Truth

RIGHT = "def tubelets(T, H, W, t, p):\\n    return (T // t) * (H // p) * (W // p)\\n"
WRONG = "def tubelets(T, H, W, t, p):\\n    return T * (H // p) * (W // p)\\n"
EVERY_FRAME = "That cuts every frame by itself; a tubelet covers several frames."
STEPS = ("Which of its three sides does a tubelet cut the clip along?", "A tubelet is a patch with a length in time.",
         "(T / t) · (H / p) · (W / p)", "6 frames of 32 × 48 pixels in tubelets of 2 × 16 × 16: 3 · 2 · 3 = 18.")
HINTS = tuple(Hint(step=step, text=text) for step, text in enumerate(STEPS, 1))  # nudge, concept, method, a worked sibling


class Tubelets:
    id, title, sections, backends, version = "tubelets", "From a clip to tubelets", ("S11",), ("none",), 1

    def plan(self, seed, backend, level=1):  # pure: the same seed gives the same questions, here and anywhere
        random = Random(f"tubelets/1/{seed}")
        t, h, w = random.choice([2, 4]), random.randint(3, 20), random.randint(3, 20)
        T, per_frame = t * random.randint(2, 12), h * w
        count = NumberQuestion(
            id="q1", title="How many tubelets?", unit="tubelets", concept="tubelet-count", hints=HINTS, decided_by=("count",),
            ask=f"A clip of {T} frames of {16 * h} × {16 * w} pixels is cut into tubelets of {t} × 16 × 16. How many are there?",
            traps=(Trap(value=T * per_frame, concept="tubelet-forgotten", say=EVERY_FRAME + " There are {truth}, not {said}."),),
        )
        code = CodeQuestion(
            id="q2", title="Write it", concept="tubelet-count", hints=HINTS, stage=1, decided_by=("code:q2",), entry="tubelets",
            ask="Write `tubelets(T, H, W, t, p)`.", stub="def tubelets(T, H, W, t, p):\\n    raise NotImplementedError\\n",
            imports=("math",), traps=(Trap(code="every-frame", concept="tubelet-forgotten", say=EVERY_FRAME),),
        )
        return Plan(lab=self.id, version=1, seed=seed, backend=backend, params={"T": T, "t": t, "h": h, "w": w}, questions=(count, code))

    def run(self, plan, ctx):  # in a worker process, which may import anything: find out what is so, do not repeat the formula
        yield Progress(done=0, say="cutting the clip")
        if "q1" in ctx.want:
            sizes = [range(0, plan.params["T"], plan.params["t"]), range(plan.params["h"]), range(plan.params["w"])]
            yield Fact(key="count", value=sum(1 for start in sizes[0] for row in sizes[1] for column in sizes[2]))
        if "q2" in ctx.answers:
            report = ctx.check_code(plan.question("q2"), ctx.answers["q2"]["source"], f"{__name__}:check", {})
            yield Fact(key="code:q2", value=report.model_dump(mode="json"))
        yield Progress(done=1)

    def truth(self, plan, facts):  # pure: what is right follows from the facts of this run
        report = facts.get("code:q2")
        found = {"q2": Truth(value={"source": RIGHT}, report=CodeReport.model_validate(report) if report else None)}
        return found | ({"q1": Truth(value=facts["count"], why="Cuts in time times cuts in space.")} if "count" in facts else {})

    def solutions(self):
        return {"q2": [RIGHT]}

    def mutants(self):
        return {"q2": [Mutant(name="every frame", source=WRONG, expects="tubelet-forgotten")]}


def check(space, args):  # called in a sandbox with what the learner's source defined
    got, want = space[args["entry"]](8, 32, 48, 2, 16), 24
    return {"ok": got == want, "say": f"8 frames of 32 × 48 give {got}.", "permutation": "every-frame" if got == 48 else None}


LAB = Tubelets()
'''

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "tubelets-lab"
version = "1.0"
dependencies = ["studyapp"]

[project.entry-points."studyapp.labs"]
tubelets = "tubelets_lab:LAB"

[tool.hatch.build.targets.wheel]
only-include = ["tubelets_lab.py"]
"""


def new_lab(directory: Path) -> list[Path]:
    """Write the skeleton and return its files; raises BadInput when the directory exists and is not empty."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise BadInput(f"{directory} exists already; name a new or empty directory")
    directory.mkdir(parents=True, exist_ok=True)
    files = {MODULE: LAB, "pyproject.toml": PYPROJECT}
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return [directory / name for name in files]
