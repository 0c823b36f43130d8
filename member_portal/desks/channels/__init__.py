"""Where business comes from: channels and introducers, and what each of them brought (PAR-32, PAR-33)."""
