"""The plain pages of development plans."""
