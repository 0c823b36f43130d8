"""From the columns of a file to the fields of a target, as a document says."""

from kernel.intake.mapping.document import Mapping, load

__all__ = ["Mapping", "load"]
