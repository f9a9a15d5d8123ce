"""Tasks 1 and 11, and on `human` three more clips to mark: what eyes find before any metric is asked."""

from __future__ import annotations

from collections.abc import Sequence

from labs.scenes.clips import shown
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS
from labs.video_drift import ideal, reel
from labs.video_drift.wording import LETTERS, ladder, letter, shuffled
from studyapp.labkit.api import MatchQuestion, Option, PickQuestion, Trap, Truth

CLIPS = {"q1": 0, "q13": 1, "q14": 2, "q15": 3}  # question -> number of its clip
KEPT = {
    "vanish": ("permanence", "object permanence: what is there goes on being there"),
    "identity": ("identity", "identity: the thing stays the same thing"),
    "lighting": ("lighting", "lighting: brightness changes only when a lamp does"),
    "wobble": ("geometry", "geometry: size and angle hold while it moves"),
}
MOTION = ("motion", "motion: it moves along one path without jumps")
SWAPS = (
    (
        "identity",
        "wobble",
        "geometry-for-identity",
        "Geometry trembles and comes back: that thing is always the same thing. Where identity is lost, what it shows at the end has "
        "another name.",
    ),
    (
        "identity",
        "lighting",
        "lighting-for-identity",
        "When the light goes, object and ground grow dark together; when identity goes, the object alone gets another colour or shape.",
    ),
    (
        "identity",
        "vanish",
        "persistence-for-identity",
        "What comes back as it was has kept its identity; what failed is that it was there all along.",
    ),
    ("lighting", "wobble", "lighting-for-geometry", "Light is a matter of brightness, geometry one of size and angle."),
    ("vanish", "lighting", "dark-for-gone", "A dark object is still there; look for frames that show the ground alone."),
    ("vanish", "wobble", "gone-for-geometry", "A change of size is geometry; frames without any object are a matter of permanence."),
)


def mark(id: str, seed: int, level: int, stage: int = 0) -> PickQuestion:
    """Task 1: the frame in which identity first breaks."""
    number = CLIPS[id]
    scenes, place, what = reel.eye(seed + 1, level, number)
    before, after = (" ".join(shown(scenes[n]["objects"][0])) for n in (0, place))
    changed = {"colour": "its colour", "shape": "its shape", "both": "colour and shape"}[what]
    return PickQuestion(
        id=id,
        title="Where does identity break?" if number == 0 else f"Where does identity break? Clip {number + 1}",
        ask=(
            "Eight frames, every third one of a clip. One object slowly turns into another. In which frame is it first a different "
            f"thing from that of frame 1: another shape, or a colour nearer to another of the eight named ones ({', '.join(COLOURS)})? "
            "Where colour alone decides, one frame to either side counts as right."
        ),
        options=tuple(Option(id=letter, text=f"frame {n}") for n, letter in enumerate(LETTERS[: reel.EYE_SHOWN], start=1)),
        line=True,
        concept="identity-drift",
        stage=stage,
        needs=(f"picture:strip-{number}",),
        decided_by=(f"break-{number}", f"picture:meter-{number}", *(("beside", "picture:beside") if id == list(CLIPS)[-1] else ())),
        hints=ladder(
            "Compared with which frame: the one just before, or the first?",
            "In identity drift a thing slowly becomes another one; each step is small, so neighbouring frames nearly agree all the "
            "way (section 13).",
            "Say colour and shape of frame 1. Go through the frames and say them again; the first frame with another name is the one.",
            f"A sibling: it starts as {a(before)}. In frame {place + 1} it is {a(after)}, for {changed} changed: frame {place + 1}.",
        ),
        difficulty=2 if level == 1 else 3,
        importance=4,
        minutes=0.7,
    )


def broken(seed: int, level: int, number: int, marked: int | None = None) -> Truth:
    """The truth of such a task, from the clip itself; `marked`: the place where neighbours differ most, where that was measured."""
    scenes, place, what = reel.eye(seed, level, number)
    noise = 1 if what == "colour" else 0
    start, kept = reel.begins(scenes), " ".join(shown(scenes[0]["objects"][0]))
    now = " ".join(shown(scenes[place]["objects"][0]))
    far = [n for n in range(len(scenes)) if abs(n - place) > noise + 1]
    traps = []
    if start in far:
        say = f"In frame {start + 1} it has begun to change, but it is still {a(kept)}: a slide is not yet another thing."
        traps.append(Trap(value=[LETTERS[start]], concept="change-is-break", say=say))
    if (last := len(scenes) - 1) in far:
        say = f"By then the change is complete; it has been another thing since frame {place + 1}."
        traps.append(Trap(value=[LETTERS[last]], concept="waits-for-the-end", say=say))
    if marked in far and LETTERS[marked or 0] not in {trap.value[0] for trap in traps}:
        say = (
            "There neighbouring frames differ most, as the meter shows. A drift is not where one step is large, but where the sum of "
            "steps is."
        )
        traps.append(Trap(value=[LETTERS[marked or 0]], concept="adjacent-sees-drift", say=say))
    why = f"Frame 1 shows {a(kept)}; frame {place + 1} is the first that shows something else, {a(now)}."
    return Truth(
        value=[LETTERS[place]],
        noise=noise,
        traps=tuple(traps),
        why=why,
        evidence=(f"break-{number}", f"picture:meter-{number}"),
    )


def label(seed: int, level: int, stage: int = 0) -> MatchQuestion:
    """Task 11: which demand does each clip fail?"""
    sibling = shuffled(seed + 1, "label", reel.LABELLED)
    worked = ", ".join(f"{letter.upper()} {KEPT[kind][0]}" for letter, kind in sibling.items())
    gone = letter(sibling, "vanish").upper()
    empty = [n + 1 for n, name in enumerate(ideal.names(reel.one_labelled(seed + 1, level, "vanish"))) if name is None]
    right = sorted((*KEPT.values(), MOTION), key=lambda entry: reel.rng(seed, "right", entry[0]).random())
    return MatchQuestion(
        id="q11",
        title="What was not kept?",
        ask="Four clips of eight frames, each broken in one way. What does each of them fail to keep? (One of the five is not needed.)",
        left=tuple(Option(id=letter, text=f"clip {letter.upper()}") for letter in shuffled(seed, "label", reel.LABELLED)),
        right=tuple(Option(id=id, text=text) for id, text in right),
        concept="object-persistence",
        stage=stage,
        needs=tuple(f"picture:clip-{letter}" for letter in "abcd"),
        decided_by=("labels",),
        hints=ladder(
            "Look at the first and the last frame, then at what happens between them: what is different, and does it come back?",
            "A video has to keep identity, lighting and geometry over time (section 11), and things must go on existing when they are "
            "not seen (section 12, object persistence).",
            "Is there a frame with no object? Is everything darker at the end? Does size or angle tremble? Does the thing get another "
            "name?",
            f"A sibling: {worked}. In its clip {gone} nothing is seen in frame {', '.join(map(str, empty))}, and then the thing is back.",
        ),
        difficulty=2,
        importance=4,
        minutes=1.5,
    )


def labels(seed: int) -> Truth:
    """The truth of task 11 from how the clips were made."""
    letters = shuffled(seed, "label", reel.LABELLED)
    right = {letter: KEPT[kind][0] for letter, kind in letters.items()}
    why = "; ".join(f"{letter.upper()}: {_made(kind)}" for letter, kind in letters.items()) + "."
    return Truth(value=right, traps=swapped(letters, right), why=why, evidence=("labels",))


def swapped(letters: dict[str, str], right: dict[str, str]) -> tuple[Trap, ...]:
    """Two demands taken for each other."""
    found = []
    for one, other, concept, say in SWAPS:
        first, second = letter(letters, one), letter(letters, other)
        found.append(Trap(value=right | {first: right[second], second: right[first]}, concept=concept, say=say))
    return tuple(found)


def _made(kind: str) -> str:
    return {
        "vanish": "the object is gone for a third of the clip and returns",
        "identity": "colour and shape turn into others",
        "lighting": "all of it grows darker",
        "wobble": "size and angle tremble from frame to frame",
    }[kind]


def a(name: str) -> str:
    """The name with its article."""
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def in_words(scenes: Sequence[Scene]) -> list[str]:
    """The frames of a clip as lines."""
    return [f"{n}  {reel.words(scene)}" for n, scene in enumerate(scenes, start=1)]
