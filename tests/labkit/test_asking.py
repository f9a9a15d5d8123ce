"""Asking an endpoint about pictures: the exchange, what is kept, the limit of calls, and every way to fail in a line."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.ask_live import LiveAsker, Spent
from studyapp.labkit.ask_recorded import RecordedAsker
from studyapp.labkit.asking import REFUSED, TRANSCRIPT_FILE, Exchange, ask_thrice, png_size, transcript_in
from studyapp.labkit.reply_cache import ReplyCache
from tests.chat_server import Handler, Server, chat_server, completion, says, send, status
from tests.labkit.asking_lab import PROMPT, square

KEY = "sk-test-0123456789abcdef"
RED, GREEN, BLUE = square("red"), square("green"), square("blue")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "STUDYAPP_LAB_KEY"):
        monkeypatch.delenv(name, raising=False)


class Desk:
    """An asker over a cache folder and a transcript, and what it told."""

    def __init__(self, server: Server, folder: Path, left: int | None = None, limit_s: float = 20.0) -> None:
        self.lines: list[str] = []
        self.spent = Spent()
        self.folder = folder
        self.ask = LiveAsker(
            server.url, "tiny", ReplyCache(folder / "cache"), folder / TRANSCRIPT_FILE, left, self.told, self._count, limit_s
        )

    def told(self, line: str) -> None:
        self.lines.append(line)

    def _count(self, spent: Spent) -> None:
        self.spent = spent

    @property
    def transcript(self) -> list[Exchange]:
        return [Exchange.of(row) for row in transcript_in(self.folder)]


@pytest.fixture
def desk(server: Server, tmp_path: Path) -> Callable[..., Desk]:
    return lambda left=None, limit_s=20.0: Desk(server, tmp_path, left, limit_s)


def by_picture(server: Server, **answers: Any) -> Callable[[Handler, threading.Event], None]:
    """Replies by what is on the picture that was sent."""
    names = {base64.b64encode(square(colour)).decode(): reply for colour, reply in answers.items()}

    def reply(handler: Handler, over: threading.Event) -> None:
        url = server.requests[-1][2]["messages"][0]["content"][0]["image_url"]["url"]
        send(handler, 200, completion(names[url.partition(",")[2]], tokens=10))

    return reply


# The exchange


def test_each_pair_is_one_deterministic_chat_completion_with_the_picture_as_data(desk: Any, server: Server) -> None:
    server.replies = [by_picture(server, red="{red}", blue="{blue}")]
    assert desk().ask([RED, BLUE, RED], ["What?", "What?", "Where?"], "colours") == ["{red}", "{blue}", "{red}"]
    path, headers, body = server.requests[0]
    assert path == "/v1/chat/completions"
    assert (body["model"], body["temperature"], body["stream"]) == ("tiny", 0, False)
    picture, text = body["messages"][0]["content"]
    assert picture == {"type": "image_url", "image_url": {"url": "data:image/png;base64," + base64.b64encode(RED).decode()}}
    assert text == {"type": "text", "text": "What?"}
    assert "authorization" not in headers
    assert len(server.requests) == 3


def test_only_pictures_are_asked_about_one_prompt_each(desk: Any, server: Server) -> None:
    with pytest.raises(ValueError, match="has to be a PNG"):
        desk().ask([b"GIF89a"], ["What?"])
    with pytest.raises(ValueError, match="2 pictures and 1 prompts"):
        desk().ask([RED, RED], ["What?"])
    assert server.requests == []
    assert png_size(RED) == (8, 8)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (says("I see {red}, or"), "I see {red}, or"),
        (says("I see {red}, or", finish="length"), "I see {red}, or"),
        (says(""), ""),
        (says(None), ""),
        (says(None, refusal="I will not say."), "I will not say."),
        (says("", finish="content_filter"), REFUSED),
    ],
    ids=["whole", "cut", "empty", "none", "refused", "filtered"],
)
def test_a_reply_is_given_as_it_came(desk: Any, server: Server, reply: Any, said: str) -> None:
    """What it means, and whether it can be read at all, is for the lab to say."""
    server.replies = [reply]
    one = desk()
    assert one.ask([RED], ["What?"]) == [said]
    assert [exchange.reply for exchange in one.transcript] == [said]


# What is kept


def test_the_same_pair_is_asked_once_and_a_later_run_pays_nothing(desk: Any, server: Server) -> None:
    server.replies = [by_picture(server, red="{red}", blue="{blue}")]
    first = desk()
    assert first.ask([RED, BLUE, RED], ["What?"] * 3) == ["{red}", "{blue}", "{red}"]
    assert (len(server.requests), first.spent) == (2, Spent(calls=2, tokens=20))
    again = desk()
    assert again.ask([BLUE, RED], ["What?"] * 2) == ["{blue}", "{red}"]
    assert (len(server.requests), again.spent) == (2, Spent(cached=2))


@pytest.mark.parametrize("change", ["prompt", "picture", "model", "url", "turn"])
def test_another_prompt_picture_model_address_or_asking_is_a_call_of_its_own(server: Server, tmp_path: Path, change: str) -> None:
    server.replies = [says("{red}")]
    cache = ReplyCache(tmp_path)

    def ask(url: str = server.url, model: str = "tiny", picture: bytes = RED, prompt: str = "What?", turn: int = 0) -> None:
        LiveAsker(url, model, cache, tmp_path / "t", None, print, print)([picture], [prompt], "", turn)

    ask()
    ask()
    assert len(server.requests) == 1
    other = {"prompt": "Where?", "picture": BLUE, "model": "large", "url": server.url.replace("/v1", "/v2"), "turn": 1}
    ask(**{change: other[change]})
    assert len(server.requests) == 2


def test_a_damaged_file_of_the_cache_is_asked_again(desk: Any, server: Server, tmp_path: Path) -> None:
    server.replies = [says("{red}")]
    desk().ask([RED], ["What?"])
    (file,) = (tmp_path / "cache").rglob("*.json")
    for text in ("{", "[]", '{"text": 3}', "\udcff"):
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        assert desk().ask([RED], ["What?"]) == ["{red}"]
    assert len(server.requests) == 5


def test_the_transcript_tells_what_was_asked_in_order_and_what_was_there_already(desk: Any, server: Server) -> None:
    server.replies = [by_picture(server, red="{red}", blue="{bl\u2028ue}")]
    one = desk()
    one.ask([BLUE], ["What?"], "first")
    one.ask([RED, BLUE], ["What?", "What?"], "second", turn=0)
    one.ask([RED], ["What?"], "third", turn=1)
    rows = [(row.say, row.prompt, row.turn, row.reply, row.cached, row.tokens, row.size) for row in one.transcript]
    assert rows == [
        ("first", "What?", 0, "{bl\u2028ue}", False, 10, (8, 8)),
        ("second", "What?", 0, "{red}", False, 10, (8, 8)),
        ("third", "What?", 1, "{red}", False, 10, (8, 8)),
    ]
    later = desk()
    (later.folder / TRANSCRIPT_FILE).unlink()
    later.ask([RED], ["What?"])
    assert [row.cached for row in later.transcript] == [True]


def test_a_line_that_a_kill_cut_off_is_passed_over(desk: Any, server: Server) -> None:
    server.replies = [says("{red}")]
    one = desk()
    one.ask([RED], ["What?"])
    with (one.folder / TRANSCRIPT_FILE).open("a") as file:
        file.write('{"picture": "ab", "si')
    assert [row.reply for row in one.transcript] == ["{red}"]


# Three askings


def test_an_item_whose_three_answers_differ_is_void(desk: Any, server: Server) -> None:
    texts = ["{red}", "{blue}", "{red}", "{blue} ", "{red}", "{green}"]
    server.replies = [says(text) for text in texts]
    one = desk()
    assert ask_thrice(one.ask, [RED, BLUE], ["What?"] * 2, "colours") == ["{red}", None]
    assert one.spent.calls == 6
    assert [row.turn for row in one.transcript] == [0, 0, 1, 1, 2, 2]
    assert {line.partition(":")[0] for line in one.lines} <= {f"colours ({turn} of 3)" for turn in (1, 2, 3)}


def test_answers_that_mean_the_same_are_the_same(desk: Any, server: Server) -> None:
    server.replies = [says("{3}"), says("It is 3."), says("3")]
    digits = lambda text: [c for c in text if c.isdigit()]  # noqa: E731
    assert ask_thrice(desk().ask, [RED], ["How many?"], read=digits) == ["{3}"]


# The limit of calls


def test_the_run_stops_at_the_limit_with_a_line_and_what_was_answered_is_kept(desk: Any, server: Server) -> None:
    server.replies = [says("{red}")]
    one = desk(left=2)
    with pytest.raises(EnvironmentProblem, match=r"stopped at the limit of calls \(--max-calls\) with 1 of this step's 3 open") as stopped:
        one.ask([RED, GREEN, BLUE], ["What?"] * 3)
    assert "\n" not in str(stopped.value)
    assert (len(server.requests), one.spent.calls, len(one.transcript)) == (2, 2, 2)
    on = desk(left=1)
    assert on.ask([RED, GREEN, BLUE], ["What?"] * 3) == ["{red}"] * 3
    assert (len(server.requests), on.spent) == (3, Spent(calls=1, cached=2))


def test_the_limit_holds_over_several_steps_and_costs_nothing_for_what_is_known(desk: Any, server: Server) -> None:
    server.replies = [says("{red}")]
    one = desk(left=1)
    one.ask([RED], ["What?"])
    assert one.ask([RED, RED], ["What?"] * 2) == ["{red}"] * 2
    with pytest.raises(EnvironmentProblem, match="1 of this step's 1 open"):
        one.ask([BLUE], ["What?"])
    assert len(server.requests) == 1


# While it waits


def test_something_is_told_while_a_slow_server_thinks(desk: Any, server: Server) -> None:
    """The server answers only after the third line of progress, so without them this would end in a time-out."""
    told = threading.Event()

    def slow(handler: Handler, over: threading.Event) -> None:
        assert told.wait(60)
        send(handler, 200, completion("{red}"))

    server.replies = [slow]
    one = desk(limit_s=60.0)
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        if len(lines) == 5:
            told.set()

    one.ask._tell = tell
    assert one.ask([RED], ["What?"], "colours") == ["{red}"]
    assert lines[0] == "colours: 1 to ask"
    assert any("0 of 1 answered, waiting for 2 s" in line for line in lines)


# Failures


def half(handler: Handler, over: threading.Event) -> None:
    send(handler, 200, b"{}", length=100)
    handler.close_connection = True


def late(handler: Handler, over: threading.Event) -> None:
    over.wait(60)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (status(500), "the server failed (500)"),
        (status(401), "the server asks for a key (401): set STUDYAPP_LAB_KEY (or OPENAI_API_KEY"),
        (status(404, {"error": {"message": "no such\nmodel"}}), "the server refuses the request (404): no such model"),
        (status(400, {"detail": "this model reads \x1b[31mtext only"}), "the server refuses the request (400): this model reads"),
        (status(307), "the address leads elsewhere (307)"),
        (status(429, Retry_After="4000"), "too many requests (429); it asks to wait 4000 s"),
        (lambda handler, over: send(handler, 200, b"<html>"), "its reply is not of the OpenAI form"),
        (lambda handler, over: send(handler, 200, completion("x" * 2_000_000)), "its reply is far too long"),
        (half, "the connection broke off before the reply was whole"),
        (late, "no answer within 0.5 s"),
    ],
    ids=["500", "401", "404", "400", "307", "429", "html", "huge", "half", "late"],
)
def test_a_server_that_fails_ends_the_step_in_a_line_and_is_not_asked_on(desk: Any, server: Server, reply: Any, reason: str) -> None:
    server.replies = [says("{red}"), reply]
    one = desk(limit_s=0.5 if reply is late else 60.0)
    if reply is late:
        server.replies = [reply]
    with pytest.raises(EnvironmentProblem) as failed:
        one.ask([RED, GREEN, BLUE], ["What?"] * 3)
    text = str(failed.value)
    assert text.startswith(f"openai:{server.url}#tiny: {reason}")
    assert text.isprintable()
    assert len(server.requests) <= 3  # the third may have been on its way
    assert [row.reply for row in one.transcript] == ([] if reply is late else ["{red}"])


def test_nobody_there_is_a_line(server: Server, tmp_path: Path) -> None:
    with chat_server() as gone:
        pass
    with pytest.raises(EnvironmentProblem, match=r"the server cannot be reached \(connection refused\)"):
        Desk(gone, tmp_path).ask([RED], ["What?"])


def test_a_busy_server_is_asked_again(desk: Any, server: Server) -> None:
    server.replies = [status(429, Retry_After="0"), status(503, Retry_After="0"), says("{red}")]
    one = desk()
    assert one.ask([RED], ["What?"]) == ["{red}"]
    assert one.spent.calls == 1


# The key


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "STUDYAPP_LAB_KEY"])
def test_the_key_goes_into_the_header_and_stands_nowhere_on_disk(
    desk: Any, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, KEY)
    server.replies = [says("{red}"), status(400, {"error": {"message": f"bad key {KEY}"}})]
    one = desk()
    one.ask([RED], ["What?"])
    with pytest.raises(EnvironmentProblem) as failed:
        one.ask([BLUE], ["What?"])
    assert server.requests[0][1]["authorization"] == f"Bearer {KEY}"
    shown = str(failed.value) + "".join(one.lines) + "".join(capfd.readouterr())
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"{red}" in stored
    assert KEY[:9] not in shown
    assert KEY[:9].encode() not in stored


def test_a_reply_that_repeats_the_key_is_not_kept(desk: Any, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STUDYAPP_LAB_KEY", KEY)
    server.replies = [says(f"your key is {KEY}")]
    with pytest.raises(EnvironmentProblem, match="its reply repeats the key"):
        desk().ask([RED], ["What?"])
    assert KEY.encode() not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


# A transcript answers


def test_a_transcript_answers_what_was_asked_then_and_nothing_else(desk: Any, server: Server) -> None:
    server.replies = [by_picture(server, red="{red}", blue="{blue}")]
    live = desk()
    live.ask([RED, BLUE], [PROMPT] * 2)
    recorded = RecordedAsker("replay:squares-1", live.transcript)
    assert recorded([BLUE, RED, BLUE], [PROMPT] * 3) == ["{blue}", "{red}", "{blue}"]
    assert len(server.requests) == 2
    for pictures, turn in (([RED, GREEN], 0), ([RED], 1)):
        with pytest.raises(EnvironmentProblem, match=r"replay:squares-1: its transcript has no reply to 1 of \d questions \(colours\)"):
            recorded(pictures, [PROMPT] * len(pictures), "colours", turn)


@pytest.mark.parametrize("row", [{}, {"picture": 1}, {**Exchange("a", (1, 1), "p", 0, "r").row(), "reply": None}, {"extra": 1}])
def test_rows_that_are_no_exchange_are_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not an exchange"):
        Exchange.of(json.loads(json.dumps(row)))
