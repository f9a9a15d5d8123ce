"""From keys to actions and back: the registry with the learner's own keys applied, and how keys are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from studyapp.tui.actions import ACTIONS, Action

_WRITTEN = {
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "shift+up": "Shift+↑",
    "shift+down": "Shift+↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "comma": ",",
}


def written(key: str) -> str:
    """A key as the learner reads it: Space, Ctrl+P, ↓."""
    if key in _WRITTEN:
        return _WRITTEN[key]
    if key.startswith("ctrl+"):
        return "Ctrl+" + written(key[5:]).capitalize()
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key


def types(key: str) -> bool:
    """A key that writes a character into a field."""
    return len(key) == 1 or key in ("space", "comma")


class Keys:
    """The registry with the learner's own keys applied."""

    def __init__(self, overrides: Mapping[str, str] | None = None, actions: Sequence[Action] = ACTIONS) -> None:
        changed = {name: tuple(value.replace(",", " ").split()) for name, value in (overrides or {}).items() if value.strip()}
        self._changed = frozenset(changed)
        self.actions = {a.id: a if a.id not in changed else _remapped(a, changed[a.id]) for a in actions}
        self._by_key: dict[tuple[str, str], tuple[Action, int]] = {}
        for action in self.actions.values():
            for position, key in enumerate(action.keys):
                self._by_key.setdefault((action.context, key), (action, position))

    def resolve(self, contexts: Iterable[str], key: str, character: str | None) -> tuple[Action, int] | None:
        """The action of a key in the first context that knows it, and the key's position among the action's keys."""
        for context in contexts:
            for name in (key, character):
                if name and (found := self._by_key.get((context, name))):
                    return found
        return None

    def is_default(self, action_id: str) -> bool:
        """The learner has not changed its keys."""
        return action_id not in self._changed

    def written(self, action_id: str, typing: bool = False) -> str:
        """The first key of an action, as footer and texts show it; while one types, the first that types nothing ("" if none)."""
        action = self.actions[action_id]
        if action.as_key and not typing:
            return action.as_key
        return next((written(key) for key in action.keys if not (typing and types(key))), "")

    def footer(self, contexts: Sequence[str], hide: frozenset[str] = frozenset(), typing: bool = False) -> list[Action]:
        """The actions that the footer offers in these contexts, in their order; a key stands once, for what it does now."""
        shown: list[Action] = []
        taken: set[str] = set()
        for context in contexts:
            for action in self.actions.values():
                if action.context == context:
                    keys = [key for key in action.keys if not (typing and types(key))]
                    if action.footer and action.id not in hide and keys and keys[0] not in taken:
                        shown.append(action)
                    taken.update(keys)
        return sorted(shown, key=lambda action: action.footer)

    def clashes(self) -> list[str]:
        """Two actions of one context on one key, a line each: the second is out of reach."""
        lines = []
        for action in self.actions.values():
            for key in action.keys:
                winner = self._by_key[(action.context, key)][0]
                if winner is not action:
                    lines.append(f"{written(key)} is both {winner.id} and {action.id}")
        return lines


def _remapped(action: Action, keys: tuple[str, ...]) -> Action:
    return Action(action.id, keys, action.label, action.help, action.context, action.footer, action.palette)
