"""Read a BPMN drawing into a `Drawing`: only what an approval needs, nothing that a drawing could use to harm us.

Measured traps (ui.md 2.2): a condition is Python with full builtins to the engine, a script task runs code, a DOCTYPE
reads files. So the text is parsed by a parser that resolves nothing, every element and attribute must be on the list
below, and the engine is later given a drawing that we wrote ourselves from the result (`kernel.approval.engine`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from kernel.errors import Invalid, gettext_noop

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN = "urn:zaidan:approval"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Pictures only: where things stand. Nothing here reaches the engine.
_PICTURE = {
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
}
_MAX_BYTES = 512 * 1024
_COMMITTEE = re.compile(r"^[A-Z][A-Z_]{0,19}$")
_ID = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")

START, END, TASK, EXCLUSIVE, PARALLEL = "START", "END", "TASK", "EXCLUSIVE", "PARALLEL"
_KINDS = {
    "startEvent": START,
    "endEvent": END,
    "userTask": TASK,
    "exclusiveGateway": EXCLUSIVE,
    "parallelGateway": PARALLEL,
}
_OWN_TASK = {f"{{{OWN}}}{name}" for name in ("post", "vote", "distinct", "entry", "days", "meeting", "nameEn")}
_OWN_NAME = {f"{{{OWN}}}nameEn"}
_ATTRIBUTES: dict[str, set[str]] = {
    "definitions": {"id", "name", "targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage"},
    "process": {"id", "name", "isExecutable", "isClosed", "processType"},
    "startEvent": {"id", "name"} | _OWN_NAME,
    "endEvent": {"id", "name"} | _OWN_NAME,
    "userTask": {"id", "name"} | _OWN_TASK,
    "exclusiveGateway": {"id", "name", "default", "gatewayDirection"} | _OWN_NAME,
    "parallelGateway": {"id", "name", "gatewayDirection"} | _OWN_NAME,
    "sequenceFlow": {"id", "name", "sourceRef", "targetRef"} | _OWN_NAME,
    "conditionExpression": {"id", "language", f"{{{XSI}}}type"},
    "incoming": set(),
    "outgoing": set(),
    "documentation": {"id", "textFormat"},
}
_CHILDREN: dict[str, set[str]] = {
    "definitions": {"process"},
    "process": set(_KINDS) | {"sequenceFlow", "documentation"},
    "sequenceFlow": {"conditionExpression", "documentation"},
    **{kind: {"incoming", "outgoing", "documentation"} for kind in _KINDS},
}


class UnsafeDrawing(Invalid):
    """The text is not a drawing that may be run: not XML, too large, or with an element outside the whitelist."""

    code = "UNSAFE_DRAWING"
    sentence = gettext_noop("This drawing cannot be read.")


@dataclass(frozen=True)
class Element:
    """A node. Everything after `name_en` is meaningful for tasks only, `default` for exclusive gateways only."""

    id: str
    kind: str
    name_zh: str = ""
    name_en: str = ""
    post: str = ""
    vote: str = "ANY"
    distinct: bool = True
    entry: bool = False
    days: int | None = None
    # Code of the committee whose meeting closes the task; `post` is then who prepares it.
    meeting: str = ""
    default: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """A sequence flow; `condition` is a zen expression or empty."""

    id: str
    source: str
    target: str
    name_zh: str = ""
    name_en: str = ""
    condition: str = ""


class Drawing:
    """Elements and arrows in the order of the document. Never changed after it is made, so it may be shared."""

    def __init__(self, text: str, elements: dict[str, Element], arrows: dict[str, Arrow]) -> None:
        self.text, self.elements, self.arrows = text, elements, arrows
        self._out: dict[str, tuple[Arrow, ...]] = dict.fromkeys(elements, ())
        self._into: dict[str, tuple[Arrow, ...]] = dict.fromkeys(elements, ())
        for arrow in arrows.values():
            self._out[arrow.source] += (arrow,)
            self._into[arrow.target] += (arrow,)

    def out(self, element: str) -> tuple[Arrow, ...]:
        """Return the arrows that leave `element`."""
        return self._out[element]

    def into(self, element: str) -> tuple[Arrow, ...]:
        """Return the arrows that enter `element`."""
        return self._into[element]

    def of_kind(self, *kinds: str) -> list[Element]:
        """Return the elements of these kinds."""
        return [e for e in self.elements.values() if e.kind in kinds]

    def tasks(self) -> list[Element]:
        """Return the user tasks."""
        return self.of_kind(TASK)

    def entry(self) -> Element | None:
        """Return the task that starting a case signs, if the drawing has one."""
        return next((task for task in self.tasks() if task.entry), None)

    def arrow_between(self, source: str, target: str) -> Arrow:
        """Return the arrow from `source` to `target`; the lint allows one at most."""
        return next(arrow for arrow in self._out[source] if arrow.target == target)


@lru_cache(maxsize=128)
def read(text: str) -> Drawing:
    """Return the drawing in `text` (BPMN 2.0 XML). Raises UnsafeDrawing. Lint is a separate step."""
    root = _parse(text)
    processes = [child for child in _elements(root) if _local(child) == "process"]
    if len(processes) != 1:
        raise UnsafeDrawing(gettext_noop("A drawing holds exactly one process; this has %(count)s."), count=len(processes))
    elements: dict[str, Element] = {}
    arrows: dict[str, Arrow] = {}
    for node in _elements(processes[0]):
        kind = _local(node)
        if kind == "documentation":
            continue
        identifier = node.get("id", "")
        if not _ID.match(identifier) or identifier in elements or identifier in arrows:
            raise UnsafeDrawing(gettext_noop("The id “%(id)s” is missing, doubled or not plain."), id=identifier)
        if kind == "sequenceFlow":
            arrows[identifier] = _arrow(node)
        else:
            elements[identifier] = _element(node, _KINDS[kind])
    for arrow in arrows.values():
        for end in (arrow.source, arrow.target):
            if end not in elements:
                raise UnsafeDrawing(gettext_noop("The arrow %(id)s is attached to nothing."), id=arrow.id)
    return Drawing(text, elements, arrows)


def _parse(text: str) -> etree._Element:
    data = text.encode()
    if len(data) > _MAX_BYTES:
        raise UnsafeDrawing(gettext_noop("The drawing is larger than %(limit)s kB."), limit=_MAX_BYTES // 1024)
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        raise UnsafeDrawing(gettext_noop("A drawing may not hold a DOCTYPE."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise UnsafeDrawing(gettext_noop("This is not XML: %(reason)s"), reason=str(fault.msg)) from fault
    if root.tag != f"{{{BPMN}}}definitions":
        raise UnsafeDrawing(gettext_noop("This is not a BPMN drawing."))
    _check_allowed(root)
    return root


def _check_allowed(node: etree._Element) -> None:
    """Refuse any element or attribute that is not listed; pictures are skipped whole."""
    name = _local(node)
    for attribute in node.attrib:
        if str(attribute) not in _ATTRIBUTES[name]:
            raise UnsafeDrawing(gettext_noop("“%(name)s” may not stand on “%(element)s”."), name=str(attribute), element=name)
    for child in node:
        if not isinstance(child.tag, str):
            raise UnsafeDrawing(gettext_noop("A drawing may not hold processing instructions."))
        space, local = etree.QName(child).namespace, _local(child)
        if name == "definitions" and space in _PICTURE:
            continue
        if space != BPMN or local not in _CHILDREN.get(name, set()):
            raise UnsafeDrawing(gettext_noop("“%(name)s” is not allowed in a drawing."), name=local)
        _check_allowed(child)


def _elements(node: etree._Element) -> Iterator[etree._Element]:
    return (child for child in node if etree.QName(child).namespace == BPMN)


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname


def _arrow(node: etree._Element) -> Arrow:
    condition = node.find(f"{{{BPMN}}}conditionExpression")
    return Arrow(
        id=node.get("id"),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        name_zh=_name(node),
        name_en=node.get(f"{{{OWN}}}nameEn", ""),
        condition=(condition.text or "").strip() if condition is not None else "",
    )


def _element(node: etree._Element, kind: str) -> Element:
    def own(name: str, default: str = "") -> str:
        return node.get(f"{{{OWN}}}{name}", default).strip()

    days = own("days")
    faults = [name for name in ("distinct", "entry") if own(name, "true") not in ("true", "false")]
    if days and not (days.isascii() and days.isdigit() and 0 < int(days) <= 365):
        faults.append("days")
    if own("vote", "ANY") not in ("ANY", "ALL"):
        faults.append("vote")
    if own("meeting") and (not _COMMITTEE.match(own("meeting")) or own("entry") == "true" or own("vote") == "ALL"):
        faults.append("meeting")
    return Element(
        id=node.get("id"),
        kind=kind,
        name_zh=_name(node),
        name_en=own("nameEn"),
        post=own("post"),
        vote=own("vote", "ANY"),
        distinct=own("distinct", "true") != "false",
        entry=own("entry") == "true",
        meeting=own("meeting"),
        days=int(days) if days and "days" not in faults else None,
        default=node.get("default", ""),
        faults=tuple(faults),
    )


def _name(node: etree._Element) -> str:
    return " ".join(node.get("name", "").split())
