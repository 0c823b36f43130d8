"""The only writers of recoveries: the case and its log, receipts and costs, their parts, write-offs.

The case's row is locked by every verb, so that two people at once cannot spend one cost or recover one debt twice.
"""

from tenants.recoveries.services.cases import CaseMissing, NothingToPursue, note, open_case, spend
from tenants.recoveries.services.receipts import AlreadyUndone, NotAnswered, OverRecovered, record, undo
from tenants.recoveries.services.sharing import open_shared
from tenants.recoveries.services.writing_off import TooMuchWrittenOff, WrittenOffAlready, write_off

__all__ = [
    "AlreadyUndone",
    "CaseMissing",
    "NotAnswered",
    "NothingToPursue",
    "OverRecovered",
    "TooMuchWrittenOff",
    "WrittenOffAlready",
    "note",
    "open_case",
    "open_shared",
    "record",
    "spend",
    "undo",
    "write_off",
]
