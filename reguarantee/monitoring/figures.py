"""The measures of the consolidated book and how one pass over facts gives them for every dimension.

SQL on purpose: the sums of a million rows belong in the database, and the projector, the roll, the comparison and the
reading of another day must compute them by one text. The names are those of `manage.py consolidated --json`.
"""

from __future__ import annotations

CUMULATIVE = (
    "count",
    "loan_fen",
    "guaranteed_fen",
    "released_count",
    "compensated_count",
    "compensation_fen",
    "ceded_fen",
    "ended_fen",
)
IN_FORCE = (
    "in_force_count",
    "in_force_loan_fen",
    "in_force_guaranteed_fen",
    "in_force_balance_fen",
    "in_force_ceded_fen",
)
MEASURES = CUMULATIVE + IN_FORCE

# Sums of bigint are numeric in PostgreSQL; totals are fen and go back to bigint, which holds 9e18.
_SUMS = {
    "count": "count(*)",
    "loan_fen": "coalesce(sum(s.loan_fen), 0)::bigint",
    "guaranteed_fen": "coalesce(sum(s.guaranteed_fen), 0)::bigint",
    "released_count": "count(*) filter (where s.released)",
    "compensated_count": "count(*) filter (where s.compensated)",
    "compensation_fen": "coalesce(sum(s.compensation_fen), 0)::bigint",
    "ceded_fen": "coalesce(sum(s.ceded_fen), 0)::bigint",
    # What was guaranteed by those that ended well or ill: the base of a compensation rate (domain.md 6.1).
    "ended_fen": "coalesce(sum(s.guaranteed_fen) filter (where s.released or s.compensated), 0)::bigint",
    "in_force_count": "count(*) filter (where s.in_force)",
    "in_force_loan_fen": "coalesce(sum(s.loan_fen) filter (where s.in_force), 0)::bigint",
    "in_force_guaranteed_fen": "coalesce(sum(s.guaranteed_fen) filter (where s.in_force), 0)::bigint",
    "in_force_balance_fen": "coalesce(sum(s.balance_fen), 0)::bigint",  # 0 when not in force
    "in_force_ceded_fen": "coalesce(sum(s.ceded_fen) filter (where s.in_force), 0)::bigint",
}

# Dimension -> column of monitoring_standing().
DIMENSIONS = {
    "MEMBER": "institution_id",
    "BANK": "bank_id",
    "INDUSTRY": "industry",
    "REGION": "region_code",
    "MONTH": "approved_month",
    "COVERAGE": "coverage",
}
TOTAL = "TOTAL"


def listed(names: tuple[str, ...], pattern: str = "{0}") -> str:
    """`a, b` for ("a", "b"), each written by the pattern."""
    return ", ".join(pattern.format(name) for name in names)


def sums(names: tuple[str, ...] = MEASURES) -> str:
    """The measures over rows `s` of monitoring_standing(), in the order of `names`."""
    return ", ".join(f"{_SUMS[name]} as {name}" for name in names)


def grouped(source: str, dimensions: tuple[str, ...] = tuple(DIMENSIONS)) -> str:
    """A query giving (dimension, key, *MEASURES) over `source`, which yields rows of monitoring_standing().

    One pass for all dimensions and the total. Keys are those of the contract: member code, bank name, GB/T 4754 section,
    region code, YYYY-MM of approval, coverage; the total's key is empty.
    """
    columns = [DIMENSIONS[dimension] for dimension in dimensions]
    # grouping() has a 1 for every column that a row is not grouped by, the first column in the highest bit.
    everything = 2 ** len(columns) - 1
    bits = {name: everything - 2 ** (len(columns) - 1 - place) for place, name in enumerate(dimensions)}
    cases = " ".join(f"when {bit} then '{name}'" for name, bit in bits.items())
    sets = ", ".join(f"({column})" for column in columns)
    plain = {
        "MEMBER": ("(select m.code from monitoring_member m where m.id = g.institution_id)"),
        "BANK": "(select b.name from monitoring_bank b where b.id = g.bank_id)",
        "INDUSTRY": "g.industry",
        "REGION": "g.region_code",
        "MONTH": "to_char(g.approved_month, 'FM0000\"-\"00')",
        "COVERAGE": "g.coverage",
    }
    keys = " ".join(f"when '{name}' then {plain[name]}" for name in dimensions)
    return f"""
      select g.dimension, case g.dimension {keys} else '' end as key, {listed(MEASURES, "g.{0}")}
      from (
        select case grouping({", ".join(columns)}) {cases} else '{TOTAL}' end as dimension,
          {", ".join(f"s.{column}" for column in columns)}, {sums()}
        from {source} s
        group by grouping sets ({sets}, ())) g
      where g.count > 0"""
