"""The portal's pages of business with the group."""
