"""Plans and questions are frozen data that survive JSON, and their public form gives nothing away."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from studyapp.labkit.api import Plan, fill, public
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.discover import load_ref
from studyapp.labkit.run_state import owners


@pytest.fixture
def plan(lab_ref: str) -> Plan:
    return load_ref(lab_ref).plan(3, parse_backend("none"))


def test_a_plan_is_frozen_survives_json_and_allows_no_unknown_field(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
    assert json.loads(plan.model_dump_json())["schema"] == 1
    with pytest.raises(ValidationError):
        plan.seed = 4  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Plan.model_validate({**plan.model_dump(), "answer": 42})


def test_the_public_plan_has_questions_and_no_truth(plan: Plan) -> None:
    shown = plan.public()
    text = json.dumps(shown)
    assert [question["id"] for question in shown["questions"]] == ["q1", "q2", "q3"]
    assert str(2 * plan.params["n"]) not in text
    assert not any(word in text for word in ("squared", "_secret", "step 1", '"odd"', "decided_by"))
    assert shown["questions"][0]["hints"] == 4
    assert plan.public(hints=True)["questions"][0]["hints"][0]["text"] == "step 1"


def test_values_of_later_stages_are_left_open_until_they_are_known(plan: Plan) -> None:
    assert "…" in public(plan.question("q2"))["ask"]
    assert "1,234" in public(plan.question("q2"), {"double": 1234})["ask"]
    assert fill("{fact:a} {fact:b} {fact:c}", {"a": 0.123456789, "b": True}) == "0.123457 true …"


def test_every_key_belongs_to_the_questions_that_it_would_give_away(plan: Plan) -> None:
    assert owners(plan, "double") == {"q1"}
    assert owners(plan, "picture") == frozenset()
    assert owners(plan, "mosaic:q3") == {"q3"}
    assert owners(plan, "whatever") == {"q1", "q2", "q3"}
