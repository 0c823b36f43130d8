"""The public pages on which an institution applies. Nothing else of the group can be reached from them."""
