"""The host of the engine: what it says is compared with a token game of its own, on drawings made at random."""

import json
import random
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.approval import engine
from kernel.approval.drawing import paths
from kernel.approval.drawing.lint import lint
from kernel.approval.drawing.reading import END, EXCLUSIVE, PARALLEL, START, TASK, Drawing, read
from tests.kernel.approval.sketch import CIRCLE, DEFAULT, SHIPPED, bpmn, line

LARGE = {"amount_fen": 400_000_000, "green_channel": False}


def walk(drawing: Drawing, facts: dict, *elements: str, state: str = "") -> engine.Step:
    step = engine.Step(state, engine.open_tasks(drawing, state)) if state else engine.begin(drawing, facts)
    for element in elements:
        step = engine.complete(drawing, step.state, element, facts)
    return step


def test_the_shipped_flow_from_start_to_end():
    drawing = read(SHIPPED)
    step = engine.begin(drawing, LARGE)
    seen = [step.open]
    for element in ["submit", "acceptance", "legal", "risk", "chair", "final"]:
        step = engine.complete(drawing, step.state, element, LARGE)
        seen.append(step.open)
    assert seen == [("submit",), ("acceptance",), ("risk", "legal"), ("risk",), ("chair",), ("final",), ()]
    assert step.finished


def test_the_green_channel_skips_legal_and_committee():
    drawing = read(SHIPPED)
    green = {**LARGE, "green_channel": True}
    step = walk(drawing, green, "submit", "acceptance")
    assert (step.open, step.choices) == (("risk",), (("green_legal", "skip_legal"),))
    step = walk(drawing, green, "risk", state=step.state)
    assert (step.open, step.choices) == (("final",), (("green_committee", "skip_committee"),))


def test_a_task_that_is_not_open_cannot_be_signed():
    drawing = read(SHIPPED)
    step = walk(drawing, LARGE, "submit")
    for element in ("submit", "final", "nowhere"):
        with pytest.raises(engine.NotOpen):
            engine.complete(drawing, step.state, element, LARGE)


def test_the_library_never_sees_a_condition():
    compiled = engine.compiled(read(SHIPPED))
    seen = {condition.args[0] for condition, _ in compiled.task_specs["green_legal"].cond_task_specs if condition}
    assert seen == {"skip_legal"}


def test_python_in_a_condition_does_not_run_even_unlinted(tmp_path):
    mark = tmp_path / "ran"
    attack = f"__import__('pathlib').Path('{mark}').touch() or True"
    nodes = {"s": "S", "x": "X", "a": "T", "b": "T", "e": "E"}
    drawing = read(bpmn(nodes, [("s", "x"), ("x", "a", attack), ("x", "b", DEFAULT), ("a", "e"), ("b", "e")]))
    with pytest.raises(Exception, match="cannot be decided"):
        engine.begin(drawing, {})
    assert not mark.exists()


def test_the_script_engine_runs_no_code():
    scripts = engine._Conditions(read(SHIPPED), {})
    for act in (lambda: scripts.execute(None, "1"), lambda: scripts.call_service(None, operation_name="x")):
        with pytest.raises(engine.CodeInDrawing):
            act()


def test_the_state_holds_tokens_only():
    step = walk(read(SHIPPED), LARGE, "submit", "acceptance")
    state = json.loads(step.state)
    assert "spec" not in state
    assert "amount_fen" not in step.state
    assert len(step.state) < 9000


def test_a_state_with_reordered_keys_is_not_what_we_wrote():
    """Trap 1: jsonb orders keys by length and bytes, tasks are read in the order written. So the column is text."""
    drawing = read(SHIPPED)
    step = walk(drawing, LARGE, "submit", "acceptance")
    state = json.loads(step.state)
    shuffled = list(state["tasks"].items())
    assert [key for key, _ in shuffled] != sorted(key for key, _ in shuffled)
    parents = {key: task["parent"] for key, task in shuffled}
    seen: set[str] = set()
    for key, _ in shuffled:
        assert parents[key] is None or parents[key] in seen
        seen.add(key)


def test_sending_back_undoes_what_follows_and_leaves_the_rest():
    drawing = read(SHIPPED)
    step = walk(drawing, LARGE, "submit", "acceptance", "risk", "legal", "chair")
    back = {target: engine.send_back(drawing, step.state, "final", target, LARGE) for target in
            ("chair", "risk", "legal", "acceptance", "submit")}  # fmt: skip
    assert {target: result.open for target, result in back.items()} == {
        target: (target,) for target in ("chair", "risk", "legal", "acceptance", "submit")
    }
    # Legal stands: after risk has signed again the case goes straight to the committee.
    assert walk(drawing, LARGE, "risk", state=back["risk"].state).open == ("chair",)
    assert walk(drawing, LARGE, "acceptance", state=back["acceptance"].state).open == ("risk", "legal")


def test_sending_back_from_one_branch_closes_the_other_only_if_it_follows():
    drawing = read(
        bpmn(
            {"s": "S", "p": "P", "a": "T", "b": "T", "c": "T", "j": "P", "e": "E"},
            [("s", "p"), ("p", "a"), ("a", "b"), ("p", "c"), ("b", "j"), ("c", "j"), ("j", "e")],
        )
    )
    step = walk(drawing, {}, "a")
    assert step.open == ("b", "c")
    assert engine.send_back(drawing, step.state, "b", "a", {}).open == ("a", "c")


def test_choices_before_the_target_are_repeated_not_asked_again():
    nodes = {"s": "S", "x": "X", "a": "T", "b": "T", "m": "X", "c": "T", "d": "T", "e": "E"}
    arrows = [("s", "x"), ("x", "a", "v > 1"), ("x", "b", DEFAULT), ("a", "m"), ("b", "m"), ("m", "c"), ("c", "d"), ("d", "e")]
    drawing = read(bpmn(nodes, arrows))
    step = walk(drawing, {"v": 2}, "a", "c")
    assert engine.send_back(drawing, step.state, "d", "c", {"v": 0}).open == ("c",)


def test_the_state_does_not_grow_with_returns():
    drawing = read(SHIPPED)
    step = walk(drawing, LARGE, "submit", "acceptance", "risk", "legal")
    size = len(step.state)
    for _ in range(20):
        step = engine.send_back(drawing, step.state, "chair", "acceptance", LARGE)
        step = walk(drawing, LARGE, "acceptance", "risk", "legal", state=step.state)
    assert len(step.state) <= size + 20


@pytest.mark.parametrize("order", [("b", "c"), ("c", "b")])
@pytest.mark.parametrize("second", [("b", "c"), ("c", "b")])
def test_a_join_in_a_circle_waits_for_both_every_time(order, second):
    """The library's own join opens early in the second round, counting an arrival of the first."""
    drawing = read(CIRCLE)
    again, enough = {"again": True}, {"again": False}
    step = walk(drawing, again, "a", *order)
    assert step.open == ("a",)
    step = walk(drawing, enough, "a", second[0], state=step.state)
    assert step.open == (second[1],)
    assert walk(drawing, enough, second[1], state=step.state).open == ("d",)


def test_moving_to_a_version_with_a_new_step_before_the_end():
    old, new = read(line("a", "b", "c")), read(line("a", "b", "n", "c"))
    at_a = walk(old, {})
    at_c = walk(old, {}, "a", "b")
    moved = engine.move(old, at_a.state, new)
    assert moved.open == ("a",)
    assert walk(new, {}, "a", "b", state=moved.state).open == ("n",)
    assert walk(new, {}, "a", "b", "n", "c", state=moved.state).finished
    moved = engine.move(old, at_c.state, new)
    assert moved.open == ("c",)
    assert walk(new, {}, "c", state=moved.state).finished


def test_moving_keeps_a_half_filled_join():
    old = read(SHIPPED)
    new = read(SHIPPED.replace("amount_fen &gt; 300000000", "amount_fen &gt; 500000000"))
    assert "500000000" in new.text
    for first, second in (("risk", "legal"), ("legal", "risk")):
        step = walk(old, LARGE, "submit", "acceptance", first)
        moved = engine.move(old, step.state, new)
        assert moved.open == (second,)
        assert walk(new, LARGE, second, state=moved.state).open == ("final",)


def test_moving_refuses_what_would_get_lost_or_stuck():
    old = read(line("a", "b"))
    with pytest.raises(engine.CannotMove):
        engine.move(old, walk(old, {}).state, read(line("n", "b")))
    with pytest.raises(engine.CannotMove):  # signed, and not in the other version
        engine.move(old, walk(old, {}, "a").state, read(line("n", "b")))
    parallel = {"s": "S", "p": "P", "a": "T", "b": "T", "j": "P", "e": "E"}
    ways = [("s", "p"), ("p", "a"), ("p", "b"), ("a", "j"), ("b", "j"), ("j", "e")]
    two = read(bpmn(parallel, ways))
    three = read(bpmn({**parallel, "c": "T"}, [*ways, ("p", "c"), ("c", "j")]))
    with pytest.raises(engine.CannotMove, match="for ever"):  # nobody would ever come from c
        engine.move(two, walk(two, {}, "a").state, three)


def test_importing_the_engine_needs_no_database():
    done = subprocess.run([sys.executable, "-c", "import kernel.approval.engine"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# --- At random --------------------------------------------------------------------------------------------


def block(rng: random.Random, names, nodes: dict, arrows: list, depth: int) -> tuple[str, str]:
    """Draw a sound block and return its first and last node."""
    kind = rng.choice(["T", "T", "line", "choice", "both", "circle"]) if depth else "T"
    if kind == "T":
        name = next(names)
        nodes[name] = "T"
        return name, name
    if kind == "line":
        first, middle = block(rng, names, nodes, arrows, depth - 1)
        second, last = block(rng, names, nodes, arrows, depth - 1)
        arrows.append((middle, second))
        return first, last
    if kind == "circle":
        entry, leave = next(names), next(names)
        nodes[entry] = nodes[leave] = "X"
        first, last = block(rng, names, nodes, arrows, depth - 1)
        arrows += [(entry, first), (last, leave), (leave, entry, f"f{rng.randrange(3)} == true")]
        return entry, leave
    opening, closing = next(names), next(names)
    nodes[opening] = nodes[closing] = "X" if kind == "choice" else "P"
    for branch in range(2):
        first, last = block(rng, names, nodes, arrows, depth - 1)
        condition = ([f"f{rng.randrange(3)} == true"], [DEFAULT])[branch] if kind == "choice" else []
        arrows += [(opening, first, *condition), (last, closing)]
    return opening, closing


def sketch(rng: random.Random) -> Drawing:
    names = (f"n{number}" for number in range(1000))
    nodes, arrows = {"s": "S", "e": "E"}, []
    first, last = block(rng, names, nodes, arrows, 3)
    arrows += [("s", first), (last, "e")]
    ends = {}
    for arrow in arrows:  # the way out of a circle is its default
        ends.setdefault(arrow[0], []).append(arrow)
    fixed = [(*a, DEFAULT) if nodes[a[0]] == "X" and len(ends[a[0]]) > 1 and len(a) == 2 else a for a in arrows]
    return read(bpmn(nodes, fixed))


class Tokens:
    """The rules of the game in twenty lines, to compare with the engine."""

    def __init__(self, drawing: Drawing, facts: dict) -> None:
        self.drawing, self.facts = drawing, facts
        self.held = [arrow.id for start in drawing.of_kind(START) for arrow in drawing.out(start.id)]
        self.settle()

    def settle(self) -> None:
        moving = True
        while moving:
            moving = False
            for token in list(self.held):
                target = self.drawing.arrows[token].target
                kind = self.drawing.elements[target].kind
                into = [arrow.id for arrow in self.drawing.into(target)]
                if kind == TASK or (kind == PARALLEL and not all(arrow in self.held for arrow in into)):
                    continue
                for arrow in into if kind == PARALLEL else [token]:
                    self.held.remove(arrow)
                self.held += [arrow.id for arrow in self.leaving(target, kind)]
                moving = True
                break

    def leaving(self, element: str, kind: str):
        if kind == END:
            return ()
        if kind == EXCLUSIVE:
            return paths.likely(self.drawing, element, self.facts)[:1]
        return self.drawing.out(element)

    def open(self) -> list[str]:
        return sorted(self.drawing.arrows[token].target for token in self.held
                      if self.drawing.elements[self.drawing.arrows[token].target].kind == TASK)  # fmt: skip

    def sign(self, element: str) -> None:
        self.held.remove(next(token for token in self.held if self.drawing.arrows[token].target == element))
        self.held += [arrow.id for arrow in self.drawing.out(element)]
        self.settle()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
@example(2442137)  # parallel blocks one inside another, gone round twice: the library's join lost three tasks
def test_the_engine_opens_exactly_what_the_rules_say(seed):
    rng = random.Random(seed)
    drawing = sketch(rng)
    assert [f for f in lint(drawing) if f.code not in ("UNREVIEWED",)] == []
    facts = {f"f{number}": rng.random() < 0.5 for number in range(3)}
    step, tokens = engine.begin(drawing, facts), Tokens(drawing, facts)
    for turn in range(60):
        assert sorted(step.open) == tokens.open()
        assert step.finished == (not tokens.held)
        if step.finished:
            break
        if turn > 6:  # a circle must end some time
            facts.update(dict.fromkeys(facts, False))
        element = rng.choice(step.open)
        step = engine.complete(drawing, step.state, element, facts)
        tokens.sign(element)
    assert step.finished


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_a_case_can_be_sent_back_from_anywhere_and_still_ends(seed):
    rng = random.Random(seed)
    drawing = sketch(rng)
    facts = {f"f{number}": rng.random() < 0.5 for number in range(3)}
    step = engine.begin(drawing, facts)
    returns = 4
    for turn in range(90):
        if step.finished:
            break
        if turn > 10:
            facts.update(dict.fromkeys(facts, False))
        element = rng.choice(step.open)
        signed = engine.signed(drawing, step.state)
        targets = sorted(t for t in signed if t != element and element in paths.downstream(drawing, t))
        if targets and returns and rng.random() < 0.4:
            returns -= 1
            target = rng.choice(targets)
            undone = paths.downstream(drawing, target) | {target}
            before = set(step.open)
            step = engine.send_back(drawing, step.state, element, target, facts)
            assert target in step.open
            assert before - undone == set(step.open) - undone
            assert signed - undone <= engine.signed(drawing, step.state) <= signed
        else:
            step = engine.complete(drawing, step.state, element, facts)
        assert set(step.open) == set(engine.open_tasks(drawing, step.state))
    assert step.finished
