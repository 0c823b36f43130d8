"""The console's pages of premiums."""
