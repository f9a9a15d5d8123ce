"""The floor: a hello-world Textual app. Any key changes its one label."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Floor(App[None]):
    def compose(self) -> ComposeResult:
        self.label = Static("Hello 0")
        yield self.label

    def on_key(self) -> None:
        self.label.update(f"Hello {int(str(self.label.content).split()[1]) + 1}")


if __name__ == "__main__":
    Floor().run()
