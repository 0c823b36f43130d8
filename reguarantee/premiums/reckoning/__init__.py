"""From filings, standards and reported balances to the figures of premium items."""
