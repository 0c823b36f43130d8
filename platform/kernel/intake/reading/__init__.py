"""Open a table from outside: csv, csv.xz or xlsx; the content decides, not the name."""

from kernel.intake.reading.table import Table, open_table

__all__ = ["Table", "open_table"]
