"""From validated models to the rows that the app runs on (items.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from studyapp.course.items import CourseInfo, Item, Section
from studyapp.course.load import LoadedCourse
from studyapp.course.schema import AnyItemModel

_META = {"id", "kind", "facts", "siblings", "aliases", "difficulty"}  # kept in columns of their own, not in the body


def compile_course(loaded: LoadedCourse) -> tuple[CourseInfo, list[Item]]:
    """The course and its items in order of introduction: the spine in its order, then all others in course order.

    Ids become keys (`course:id`) everywhere: siblings, confusables, readiness, aliases.
    """
    course = loaded.course
    models = {item.model.id: item for item in loaded.items}
    order = list(dict.fromkeys([*course.spine, *models]))
    siblings = siblings_of([item.model for item in loaded.items])
    groups: dict[str, str] = {}
    for group in course.confusables:
        for member in group.items:
            groups.setdefault(member, group.id)

    def key(name: str) -> str:
        return f"{course.id}:{name}"

    items = [
        Item(
            key=key(name),
            kind=models[name].model.kind,
            section=models[name].section,
            position=position,
            facts=tuple(models[name].model.facts),
            siblings=frozenset(map(key, siblings[name])),
            group=groups.get(name),
            spine=name in course.spine,
            difficulty=models[name].model.difficulty,
            body=_body(models[name].model),
        )
        for position, name in enumerate(order)
    ]
    former = {old: item.model.id for item in loaded.items for old in item.model.aliases} | dict(course.aliases)
    info = CourseInfo(
        id=course.id,
        title=course.title,
        directory=str(loaded.directory.absolute()),
        ready_by=course.ready_by,
        sections=tuple(Section(s.id, s.number, s.title, loaded.pages.get(s.id, ""), tuple(s.explainer)) for s in course.sections),
        readiness=_readiness(loaded, key),
        confusables={group.id: tuple(map(key, group.items)) for group in course.confusables},
        concepts=dict(loaded.concepts),
        labs=tuple(course.labs),
        aliases={key(old): key(new) for old, new in former.items()},
        synonyms=tuple(tuple(group) for group in course.synonyms),
    )
    return info, items


def siblings_of(models: Iterable[AnyItemModel]) -> dict[str, set[str]]:
    """Declared siblings, made symmetric, and those that test the same main fact."""
    result: dict[str, set[str]] = defaultdict(set)
    by_fact: dict[str, list[str]] = defaultdict(list)
    for model in models:
        for other in model.siblings:
            result[model.id].add(other)
            result[other].add(model.id)
        if model.facts:
            by_fact[model.facts[0]].append(model.id)
    for ids in by_fact.values():
        for one in ids:
            result[one].update(other for other in ids if other != one)
    return result


def _body(model: AnyItemModel) -> dict[str, Any]:
    """The author's fields, defaults filled in, absent ones left out; JSON types only."""
    return model.model_dump(mode="json", exclude=_META, exclude_none=True)


def _readiness(loaded: LoadedCourse, key: Any) -> dict[str, Any]:
    readiness = loaded.course.readiness
    if readiness is None:
        return {}
    data = readiness.model_dump(mode="json")
    for idea in data["ideas"]:
        idea["items"] = [key(name) for name in idea["items"]]
    return data
