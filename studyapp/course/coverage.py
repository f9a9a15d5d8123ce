"""Which facts of the coverage map the items test (DESIGN section 7, `course coverage`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class HasFacts(Protocol):
    """An item as far as coverage is concerned; both the author's models and items.Item are one."""

    @property
    def kind(self) -> str: ...

    @property
    def facts(self) -> Iterable[str]: ...


def coverage(items: Iterable[HasFacts], facts: Mapping[str, str]) -> dict[str, Any]:
    """Counts over `facts` (id -> importance): `missing` are core facts without an item, `unknown` ids that no fact has.

    A fact has two forms when items of two different kinds test it.
    """
    forms: dict[str, set[str]] = defaultdict(set)
    total = 0
    for item in items:
        total += 1
        for fact in item.facts:
            forms[fact].add(item.kind)
    core = [fact for fact, importance in facts.items() if importance == "core"]
    useful = [fact for fact, importance in facts.items() if importance == "useful"]
    return {
        "items": total,
        "facts_total": len(facts),
        "facts_covered": sum(fact in forms for fact in facts),
        "core_total": len(core),
        "core_covered": sum(fact in forms for fact in core),
        "core_two_forms": sum(len(forms.get(fact, ())) >= 2 for fact in core),
        "useful_total": len(useful),
        "useful_covered": sum(fact in forms for fact in useful),
        "missing": [fact for fact in core if fact not in forms],
        "unknown": sorted(forms.keys() - facts.keys()),
    }
