"""What may be drawn: every trap of ui.md 2.2 that a drawing can hold, and every finding of the lint."""

from pathlib import Path

import pytest
import zen

from kernel.approval.drawing import conditions, paths
from kernel.approval.drawing.lint import lint
from kernel.approval.drawing.reading import UnsafeDrawing, read
from tests.kernel.approval.sketch import BPMN, CIRCLE, DEFAULT, SHIPPED, bpmn, line


def codes(text: str) -> set[str]:
    return {finding.code for finding in lint(read(text))}


def test_the_shipped_flow_has_no_findings_and_a_complete_picture():
    drawing = read(SHIPPED)
    assert lint(drawing) == []
    for identifier in [*drawing.elements, *drawing.arrows]:
        assert f'bpmnElement="{identifier}"' in SHIPPED


def test_names_come_in_two_languages():
    for task in read(SHIPPED).tasks():
        assert task.name_zh and task.name_en and task.post


@pytest.mark.parametrize(
    "extra",
    [
        '<scriptTask id="x"><script>import os</script></scriptTask>',
        '<serviceTask id="x"/>',
        '<callActivity id="x" calledElement="other"/>',
        '<businessRuleTask id="x"/>',
        '<subProcess id="x"/>',
        '<inclusiveGateway id="x"/>',
        '<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>__import__("os")</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>",
        '<userTask id="x"><multiInstanceLoopCharacteristics><loopDataInputRef>nowhere</loopDataInputRef>'
        "</multiInstanceLoopCharacteristics></userTask>",
        '<userTask id="x"><extensionElements><preScript xmlns="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        "import os</preScript></extensionElements></userTask>",
        '<startEvent id="x"><timerEventDefinition/></startEvent>',
        "<?python import os?>",
        '<UserTask id="x"/>',  # what bpmn-js writes when an extension forgets tagAlias (trap 4)
    ],
)
def test_elements_outside_the_whitelist_are_refused(extra):
    with pytest.raises(UnsafeDrawing):
        read(bpmn({"s": "S", "a": "T", "e": "E"}, [("s", "a"), ("a", "e")], extra))


def test_an_attribute_outside_the_whitelist_is_refused():
    with pytest.raises(UnsafeDrawing):
        read(bpmn({"s": "S", "a": 'T completionQuantity="2"', "e": "E"}, [("s", "a"), ("a", "e")]))


def test_entities_and_doctypes_are_refused(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    attack = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + line("a").replace('name="a"', 'name="&e;"')
    with pytest.raises(UnsafeDrawing) as refused:
        read(attack)
    assert "top secret" not in str(refused.value)
    bombs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + line("a")
    with pytest.raises(UnsafeDrawing):
        read(bombs)


def test_a_doctype_in_another_encoding_is_refused(tmp_path: Path):
    # The text is encoded by us, so a declaration of UTF-16 cannot smuggle one past the check.
    with pytest.raises(UnsafeDrawing):
        read('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>')


@pytest.mark.parametrize("text", ["", "not xml", "<a/>", f'<definitions xmlns="{BPMN}"/>', "x" * 600_000])
def test_other_texts_are_refused(text):
    with pytest.raises(UnsafeDrawing):
        read(text)


def test_python_is_no_condition():
    attack = "__import__('os').system('id') == 0"
    nodes = {"s": "S", "x": "X", "a": "T", "b": "T", "e": "E"}
    arrows = [("s", "x"), ("x", "a", attack), ("x", "b", DEFAULT), ("a", "e"), ("b", "e")]
    assert codes(bpmn(nodes, arrows)) == {"BAD_CONDITION"}
    assert zen.validate_expression(attack)


@pytest.mark.parametrize(
    ("expected", "nodes", "arrows"),
    [
        ("ONE_START", {"s": "S", "t": "S", "a": "T", "e": "E"}, [("s", "a"), ("t", "a"), ("a", "e")]),
        ("NO_END", {"s": "S", "a": "T"}, [("s", "a")]),
        ("INTO_START", {"s": "S", "a": "T", "x": "X", "e": "E"},
         [("s", "a"), ("a", "x"), ("x", "s", "again"), ("x", "e", DEFAULT)]),
        ("OUT_OF_END", {"s": "S", "a": "T", "e": "E"}, [("s", "a"), ("a", "e"), ("e", "a")]),
        ("MISSING_POST", {"s": "S", "a": 'T zd:post=""', "e": "E"}, [("s", "a"), ("a", "e")]),
        ("BAD_PROPERTY", {"s": "S", "a": 'T zd:vote="TWO"', "e": "E"}, [("s", "a"), ("a", "e")]),
        ("BAD_PROPERTY", {"s": "S", "a": 'T zd:days="soon"', "e": "E"}, [("s", "a"), ("a", "e")]),
        ("BAD_PROPERTY", {"s": "S", "a": 'T zd:distinct="no"', "e": "E"}, [("s", "a"), ("a", "e")]),
        ("ENTRY_NOT_FIRST", {"s": "S", "a": "T", "b": 'T zd:entry="true"', "e": "E"},
         [("s", "a"), ("a", "b"), ("b", "e")]),
        ("NO_REVIEW", {"s": "S", "a": 'T zd:entry="true"', "e": "E"}, [("s", "a"), ("a", "e")]),
        ("MANY_WAYS", {"s": "S", "a": "T", "b": "T", "e": "E"}, [("s", "a"), ("a", "b"), ("a", "e"), ("b", "e")]),
        ("MISSING_DEFAULT", {"s": "S", "a": "T", "x": "X", "b": "T", "e": "E"},
         [("s", "a"), ("a", "x"), ("x", "b", "v > 1"), ("x", "e", "v < 2"), ("b", "e")]),
        ("MISSING_CONDITION", {"s": "S", "a": "T", "x": "X", "b": "T", "e": "E"},
         [("s", "a"), ("a", "x"), ("x", "b"), ("x", "e", DEFAULT), ("b", "e")]),
        ("IDLE_CONDITION", {"s": "S", "a": "T", "e": "E"}, [("s", "a"), ("a", "e", "v > 1")]),
        ("UNREACHABLE", {"s": "S", "a": "T", "b": "T", "e": "E"}, [("s", "a"), ("a", "e"), ("b", "e")]),
        ("DEAD_END", {"s": "S", "a": "T", "x": "X", "b": "T", "e": "E"},
         [("s", "a"), ("a", "x"), ("x", "b", "v > 1"), ("x", "e", DEFAULT)]),
        ("IDLE_LOOP", {"s": "S", "a": "T", "m": "X", "x": "X", "e": "E"},
         [("s", "a"), ("a", "m"), ("m", "x"), ("x", "m", "v > 1"), ("x", "e", DEFAULT)]),
        ("UNREVIEWED", {"s": "S", "x": "X", "a": "T", "e": "E"},
         [("s", "x"), ("x", "a", "v > 1"), ("x", "e", DEFAULT), ("a", "e")]),
        # One of two branches may leave: the join would wait for it for ever.
        ("STUCK", {"s": "S", "p": "P", "a": "T", "b": "T", "x": "X", "j": "P", "e": "E", "f": "E"},
         [("s", "p"), ("p", "a"), ("p", "b"), ("a", "x"), ("x", "j", "v > 1"), ("x", "f", DEFAULT), ("b", "j"), ("j", "e")]),
        # Alternatives that meet in a join: it waits for both.
        ("STUCK", {"s": "S", "x": "X", "a": "T", "b": "T", "j": "P", "e": "E"},
         [("s", "x"), ("x", "a", "v > 1"), ("x", "b", DEFAULT), ("a", "j"), ("b", "j"), ("j", "e")]),
        # Parallel branches that meet without a join: what follows would run twice.
        ("DOUBLED", {"s": "S", "p": "P", "a": "T", "b": "T", "c": "T", "e": "E"},
         [("s", "p"), ("p", "a"), ("p", "b"), ("a", "c"), ("b", "c"), ("c", "e")]),
    ],
)  # fmt: skip
def test_lint_finds(expected, nodes, arrows):
    assert expected in codes(bpmn(nodes, arrows))


def test_a_finding_is_a_sentence():
    (finding,) = lint(read(bpmn({"s": "S", "a": 'T zd:post=""', "e": "E"}, [("s", "a"), ("a", "e")])))
    assert (finding.element, str(finding)) == ("a", "“a” names no post.")


def test_a_circle_with_tasks_in_it_is_sound():
    assert codes(CIRCLE) == set()


def test_two_arrows_to_one_place_are_found():
    text = bpmn({"s": "S", "a": "T", "x": "X", "e": "E"}, [("s", "a"), ("a", "x"), ("x", "e", DEFAULT)])
    text = text.replace("</process>", '<sequenceFlow id="second" sourceRef="x" targetRef="e"/></process>')
    assert "DOUBLE_ARROW" in codes(text)


def test_facts_are_plain_and_exact():
    large = 9_007_199_254_740_993
    assert conditions.checked({"amount_fen": large, "green": True, "kinds": ["A"]})["amount_fen"] == large
    assert conditions.holds("amount_fen > 9007199254740992", {"amount_fen": large})
    assert conditions.holds("facts.green == true and 'A' in kinds", {"green": True, "kinds": ["A"]})
    for value in (1.5, object(), {"a": 1.5}):
        with pytest.raises(conditions.BadFact):
            conditions.checked({"amount": value})
    with pytest.raises(conditions.BadFact):
        conditions.checked({"facts": 1})


@pytest.mark.parametrize("expression", ["missing > 3", "amount", "amount and amount"])
def test_a_condition_without_a_yes_or_no_is_refused(expression):
    with pytest.raises(conditions.NoAnswer):
        conditions.holds(expression, {"amount": 3})


def test_what_lies_ahead_follows_the_facts():
    drawing = read(SHIPPED)
    large, small = {"amount_fen": 300000001, "green_channel": False}, {"amount_fen": 300000000, "green_channel": False}
    assert paths.ahead(drawing, ["acceptance"], large) == ["risk", "legal", "chair", "final"]
    over = {**large, "amount_fen": 1_000_000_001}
    assert paths.ahead(drawing, ["acceptance"], over) == ["risk", "legal", "committee", "final"]
    assert paths.ahead(drawing, ["acceptance"], {**large, "committee_from_fen": 300_000_000})[2] == "committee"
    assert paths.ahead(drawing, ["acceptance"], small) == ["risk", "legal", "final"]
    assert paths.ahead(drawing, ["acceptance"], {**large, "green_channel": True}) == ["risk", "final"]
    assert paths.ahead(drawing, ["acceptance"], {}) == ["risk", "legal", "chair", "committee", "final"]


def test_skipped_is_what_the_way_taken_cannot_reach():
    drawing = read(SHIPPED)
    assert paths.passed_over(drawing, drawing.arrows["skip_legal"]) == ["legal"]
    assert paths.passed_over(drawing, drawing.arrows["skip_committee"]) == ["chair", "committee"]
    assert paths.passed_over(drawing, drawing.arrows["below_limit"]) == ["chair", "committee"]
    assert paths.passed_over(drawing, drawing.arrows["to_amount"]) == []
    circle = read(CIRCLE)
    assert paths.passed_over(circle, circle.arrows["x_m"]) == []
    assert paths.passed_over(circle, circle.arrows["x_d"]) == ["a", "b", "c"]
