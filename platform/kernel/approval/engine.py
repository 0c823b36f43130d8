"""The host of SpiffWorkflow: a drawing and a state in, a state and the open tasks out. No database here.

- The engine runs a drawing that we write from the parsed one; a condition reaches it as the id of its arrow only, so
  neither Python nor anything else in the text is ever evaluated by the library (ui.md 2.2, trap 2).
- The specification is the drawing and is compiled once per version and process; the state holds the running tokens
  alone and is a text: tasks are deltas against their parents and read in order, which jsonb would shuffle (trap 1).
- Facts live with the case, not in the tokens. A drawing is sound (lint), so a task is open once at most and its element
  names it; several signers of one task are rows of ours, not a multi-instance of the library (traps 3, 5 and 6).
- Sending back plays the signatures that stand again into a fresh state: the library's own reset removes tasks from the tree
  (trap 8), leaves a join that has already fired below a neighbour's branch, and grows the state with every return.
"""

import json
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway
from SpiffWorkflow.task import Task, TaskState

from kernel.approval.drawing.conditions import holds
from kernel.approval.drawing.paths import downstream, order, soundness
from kernel.approval.drawing.reading import BPMN, END, EXCLUSIVE, PARALLEL, START, TASK, Drawing
from kernel.errors import Conflict, gettext_noop

_PROCESS = "approval"
_TAGS = {
    START: "startEvent",
    END: "endEvent",
    TASK: "userTask",
    EXCLUSIVE: "exclusiveGateway",
    PARALLEL: "parallelGateway",
}


class CodeInDrawing(Exception):
    """The engine was asked to run code. Unreachable while the whitelist holds: this is the second lock."""


class NotOpen(Conflict):
    """The engine does not have this task open."""

    code = "TASK_CLOSED"
    sentence = gettext_noop("This task is no longer open.")


class CannotMove(Conflict):
    """A running case does not fit the other version of its flow."""

    code = "CANNOT_MOVE"
    sentence = gettext_noop("The case cannot move to this version: “%(name)s” is open or signed and not in it.")


_STUCK = gettext_noop("The case cannot move to this version: it would wait at “%(name)s” for ever.")


@dataclass(frozen=True)
class Step:
    """What a step led to: the new state, the open tasks in drawing order, and (gateway, arrow) for every choice made."""

    state: str
    open: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def finished(self) -> bool:
        """Whether the case has come to its end."""
        return not self.open


class _Conditions(PythonScriptEngine):
    """Answers the engine's questions from the facts; `made` are choices to repeat, one for each visit of a gateway."""

    def __init__(self, drawing: Drawing, facts: Mapping[str, Any], made: dict[str, deque[str]] | None = None) -> None:
        super().__init__()
        self._drawing, self._facts, self._made = drawing, facts, made or {}
        self._visits: dict[UUID, str] = {}

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> bool:
        arrow = self._drawing.arrows[expression]
        if task.id not in self._visits and self._made.get(arrow.source):
            self._visits[task.id] = self._made[arrow.source].popleft()
        if task.id in self._visits:
            return self._visits[task.id] == arrow.id
        return holds(arrow.condition, self._facts)

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        raise CodeInDrawing(script)

    def call_service(self, task: Task, **kwargs: Any) -> str:
        raise CodeInDrawing(str(kwargs))


class _Join(ParallelGateway):
    """A join that counts its tokens: one per arrow in and round, that is the whole rule.

    Both measured on drawings that lead back to before a join. The library's own asks which inputs have ever completed,
    so an arrival of the former round opened it early; and when it fires it removes what followed its former visits in
    other branches, so that tasks were lost and a case ended unsigned.
    """

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        return all(_held(my_task.workflow, self.name, way.name, my_task) for way in self.inputs)

    def _run_hook(self, my_task: Task) -> bool:
        return True  # tokens carry no data that would have to be merged


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {full_tag(_TAGS[PARALLEL]): (GatewayParser, _Join)}


class _TokensOnly(BpmnWorkflowConverter):
    """Writes the running tokens without the specification."""

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        return WorkflowConverter.to_dict(self, workflow)


_REGISTRY = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: _TokensOnly})


def begin(drawing: Drawing, facts: Mapping[str, Any]) -> Step:
    """Start a case; the entry task, if any, is open. Raises NoAnswer."""
    workflow = BpmnWorkflow(compiled(drawing), script_engine=_Conditions(drawing, facts))
    return _run(drawing, workflow)


def complete(drawing: Drawing, state: str, element: str, facts: Mapping[str, Any]) -> Step:
    """Sign the open task `element` and run on. Raises NotOpen, NoAnswer."""
    workflow = _load(drawing, state, facts)
    return _run(drawing, workflow, element)


def open_tasks(drawing: Drawing, state: str) -> tuple[str, ...]:
    """Return the elements that the engine has open, in drawing order."""
    return _open(drawing, _load(drawing, state, {}))


def signed(drawing: Drawing, state: str) -> set[str]:
    """Return the elements signed on the way to the present position."""
    return {task.task_spec.name for task in _tasks(_load(drawing, state, {}), TaskState.COMPLETED)}


def send_back(drawing: Drawing, state: str, element: str, target: str, facts: Mapping[str, Any]) -> Step:
    """Reopen the signed task `target` for the holder of `element`: what followed it is undone, the rest stands.

    The signatures given before the last one of `target` are played again in their order, then those given later
    that do not depend on it. Gateways repeat the choices they made then. Raises NotOpen.
    """
    old = _load(drawing, state, facts)
    _open_task(old, element)
    given = sorted(_tasks(old, TaskState.COMPLETED), key=_when)
    until = max((place for place, task in enumerate(given) if task.task_spec.name == target), default=None)
    if until is None:
        raise NotOpen()
    undone = downstream(drawing, target) | {target}
    standing = [task for place, task in enumerate(given) if place < until or task.task_spec.name not in undone]
    fresh = _replay(drawing, facts, [task.task_spec.name for task in standing], _choices(drawing, old, given[until], undone))
    if target not in _open(drawing, fresh):
        raise NotOpen()
    return Step(_dump(fresh), _open(drawing, fresh))


def _choices(drawing: Drawing, old: BpmnWorkflow, limit: Task, undone: Collection[str]) -> dict[str, deque[str]]:
    """Return the arrows that each gateway took, in order; of those that `limit` leads to only what came before it."""
    made: dict[str, deque[str]] = {}
    visits = [task for task in old.get_tasks(state=TaskState.COMPLETED) if list(_choice(drawing, task))]
    for task in sorted(visits, key=_when):
        if task.task_spec.name not in undone or _when(task) < _when(limit):
            for gateway, arrow in _choice(drawing, task):
                made.setdefault(gateway, deque()).append(arrow)
    return made


def _replay(drawing: Drawing, facts: Mapping[str, Any], elements: Iterable[str], choices: dict[str, deque[str]]) -> BpmnWorkflow:
    """Return a fresh workflow in which `elements` have been signed in this order."""
    fresh = BpmnWorkflow(compiled(drawing), script_engine=_Conditions(drawing, facts, choices))
    _advance(drawing, fresh)
    for element in elements:
        _advance(drawing, fresh, element)
    return fresh


def _when(task: Task) -> int:
    """Return the number of the signature that led to this task's completion: a clock could be set back, this cannot."""
    return task.internal_data["signature"]


def move(old: Drawing, state: str, new: Drawing) -> Step:
    """Take the tokens of a case to another version of its drawing; open tasks stay open. Raises CannotMove.

    The library's own migration resets every open task unless a mask matches nothing (trap 7), and the mask that was
    measured, CANCELLED, does match here: a join cancels its early arrivals. So nothing is reset at all: forecasts of
    the old drawing are cut off, and what happened is read again by name against the new one.
    """
    workflow = _load(old, state, {})
    for task in workflow.get_tasks(state=TaskState.READY | TaskState.WAITING):
        task._drop_children(force=True)
    for task in workflow.get_tasks():
        name = task.task_spec.name
        if name in old.elements and (name not in new.elements or new.elements[name].kind != old.elements[name].kind):
            raise CannotMove(name=old.elements[name].name_zh or name)
    moved = _load(new, _dump(workflow), {})
    outlook = soundness(new, _marking(new, moved))
    if outlook.stuck or outlook.doubled:
        raise CannotMove(_STUCK, name=new.elements[(outlook.stuck or outlook.doubled)[0]].name_zh)
    # The library walks a forecast when a task is signed, so one must be there.
    for task in moved.get_tasks(state=TaskState.READY | TaskState.WAITING):
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    return Step(_dump(moved), _open(new, moved))


def _marking(drawing: Drawing, workflow: BpmnWorkflow) -> frozenset[str]:
    """Return where the tokens stand, as arrows: one into each open task, and each that a join already holds."""
    tokens = {drawing.into(element)[0].id for element in _open(drawing, workflow)}
    for join in drawing.of_kind(PARALLEL):
        tokens |= {way.id for way in drawing.into(join.id) if _held(workflow, join.id, way.source)}
    return frozenset(tokens)


def _held(workflow: BpmnWorkflow, join: str, source: str, arriving: Task | None = None) -> bool:
    """Return whether `join` holds a token from `source`: more arrivals than it has fired; `arriving` has just come."""
    visits = workflow.get_tasks(spec_name=join)
    fired = sum(visit.has_state(TaskState.COMPLETED) for visit in visits if visit is not arriving)
    here = TaskState.WAITING | TaskState.CANCELLED | TaskState.COMPLETED
    arrived = [visit for visit in visits if visit is arriving or visit.has_state(here)]
    return sum(visit.parent.task_spec.name == source for visit in arrived) > fired


@lru_cache(maxsize=128)
def compiled(drawing: Drawing) -> BpmnProcessSpec:
    """Return the library's specification of a drawing, written by us from its parts. Read-only, so shared."""
    parser = _Parser()
    parser.add_bpmn_xml(etree.fromstring(etree.tostring(_rewritten(drawing))))
    return parser.get_spec(_PROCESS)


def _rewritten(drawing: Drawing) -> etree._Element:
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap={None: BPMN})
    process = etree.SubElement(root, f"{{{BPMN}}}process", id=_PROCESS, isExecutable="true")
    for element in drawing.elements.values():
        node = etree.SubElement(process, f"{{{BPMN}}}{_TAGS[element.kind]}", id=element.id)
        if element.default:
            node.set("default", element.default)
        for tag, arrows in (("incoming", drawing.into(element.id)), ("outgoing", drawing.out(element.id))):
            for arrow in arrows:
                etree.SubElement(node, f"{{{BPMN}}}{tag}").text = arrow.id
    for arrow in drawing.arrows.values():
        node = etree.SubElement(process, f"{{{BPMN}}}sequenceFlow", id=arrow.id, sourceRef=arrow.source, targetRef=arrow.target)
        if arrow.condition:
            etree.SubElement(node, f"{{{BPMN}}}conditionExpression").text = arrow.id
    return root


def _run(drawing: Drawing, workflow: BpmnWorkflow, element: str = "") -> Step:
    made = _advance(drawing, workflow, element)
    return Step(_dump(workflow), _open(drawing, workflow), made)


def _advance(drawing: Drawing, workflow: BpmnWorkflow, element: str = "") -> tuple[tuple[str, str], ...]:
    """Sign `element`, if one is named, let the engine run until people are asked, and return the choices it made."""
    signature = len(_tasks(workflow, TaskState.COMPLETED))
    made: list[tuple[str, str]] = []
    if element:
        signature += 1
        task = _open_task(workflow, element)
        task.run()
        task.internal_data["signature"] = signature

    def note(task: Task) -> None:
        task.internal_data["signature"] = signature
        made.extend(_choice(drawing, task))

    workflow.do_engine_steps(did_complete_task=note)
    return tuple(made)


def _choice(drawing: Drawing, task: Task) -> Iterator[tuple[str, str]]:
    name = task.task_spec.name
    element = drawing.elements.get(name)
    if element and element.kind == EXCLUSIVE and len(drawing.out(name)) > 1:
        yield name, drawing.arrow_between(name, task.children[0].task_spec.name).id


def _tasks(workflow: BpmnWorkflow, state: int) -> list[Task]:
    return [task for task in workflow.get_tasks(state=state) if task.task_spec.manual]


def _open(drawing: Drawing, workflow: BpmnWorkflow) -> tuple[str, ...]:
    place = order(drawing)
    return tuple(sorted((task.task_spec.name for task in _tasks(workflow, TaskState.READY)), key=place.__getitem__))


def _open_task(workflow: BpmnWorkflow, element: str) -> Task:
    found = [task for task in _tasks(workflow, TaskState.READY) if task.task_spec.name == element]
    if len(found) != 1:
        raise NotOpen()
    return found[0]


def _dump(workflow: BpmnWorkflow) -> str:
    # Not serialize_json: it switches the shared registry into another mode while it runs, which threads would see.
    return json.dumps(_REGISTRY.convert(workflow), separators=(",", ":"))


def _load(drawing: Drawing, state: str, facts: Mapping[str, Any]) -> BpmnWorkflow:
    kept = json.loads(state)
    workflow = BpmnWorkflow(compiled(drawing), deserializing=True, script_engine=_Conditions(drawing, facts))
    # Restoring in the order written: a task looks up its parent among those already restored.
    workflow.tasks = {UUID(key): _REGISTRY.restore(task, workflow=workflow) for key, task in kept["tasks"].items()}
    workflow.task_tree = workflow.tasks[UUID(kept["root"])]
    workflow.success, workflow.completed = kept["success"], kept["completed"]
    workflow.last_task = workflow.tasks.get(UUID(kept["last_task"])) if kept["last_task"] else None
    return workflow
