"""What was filed with the group: its answers, corrections, withdrawals, and lists filed at one go."""
