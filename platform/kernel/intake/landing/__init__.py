"""Sound rows of one house, from values to rows of its tables."""
