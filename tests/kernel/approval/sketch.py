"""Drawings for tests, from a few words: nodes as id → kind and attributes, arrows as (source, target[, condition])."""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import kernel.approval
from kernel.approval.drawing.reading import read

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SHIPPED = (Path(kernel.approval.__file__).parent / "drawing" / "flows" / "guarantee_review.bpmn").read_text(encoding="utf-8")
_TAGS = {"S": "startEvent", "E": "endEvent", "T": "userTask", "X": "exclusiveGateway", "P": "parallelGateway"}
DEFAULT = "default"


def bpmn(nodes: dict[str, str], arrows: list[tuple[str, ...]], extra: str = "") -> str:
    """`nodes` maps an id to its kind, S E T X P, and for tasks attributes after a blank: 'T zd:post="A"'.

    An arrow whose third part is DEFAULT is its gateway's default.
    """
    flows, defaults = [], {}
    for source, target, *condition in arrows:
        identifier = f"{source}_{target}"
        if condition == [DEFAULT]:
            defaults[source] = identifier
            condition = []
        body = f"<conditionExpression>{escape(condition[0])}</conditionExpression>" if condition else ""
        flows.append(f'<sequenceFlow id="{identifier}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>')
    elements = []
    for identifier, words in nodes.items():
        kind, _, attributes = words.partition(" ")
        if kind == "T" and "zd:post" not in attributes:
            attributes += f' zd:post="{identifier.upper()}"'
        if identifier in defaults:
            attributes += f" default={quoteattr(defaults[identifier])}"
        elements.append(f'<{_TAGS[kind]} id="{identifier}" name="{identifier}" {attributes}/>')
    return (
        f'<definitions xmlns="{BPMN}" xmlns:zd="urn:zaidan:approval">'
        f'<process id="p" isExecutable="true">{"".join(elements)}{"".join(flows)}{extra}</process></definitions>'
    )


def line(*tasks: str) -> str:
    """A drawing of tasks one after another; a word may carry attributes: 'a zd:vote="ALL"'."""
    names = [task.split(" ")[0] for task in tasks]
    nodes = {"s": "S", **{name: "T " + task.partition(" ")[2] for name, task in zip(names, tasks, strict=True)}, "e": "E"}
    path = ["s", *names, "e"]
    return bpmn(nodes, list(zip(path, path[1:], strict=False)))


def drawing(nodes: dict[str, str], arrows: list[tuple[str, ...]]):
    return read(bpmn(nodes, arrows))


# A block of parallel reviews that the drawing itself leads back into: a → (b ∥ c) → again? → a.
CIRCLE = bpmn(
    {"s": "S", "a": "T", "split": "P", "b": "T", "c": "T", "join": "P", "x": "X", "d": "T", "m": "X", "e": "E"},
    [
        ("s", "m"),
        ("m", "a"),
        ("a", "split"),
        ("split", "b"),
        ("split", "c"),
        ("b", "join"),
        ("c", "join"),
        ("join", "x"),
        ("x", "m", "again == true"),
        ("x", "d", DEFAULT),
        ("d", "e"),
    ],
)
