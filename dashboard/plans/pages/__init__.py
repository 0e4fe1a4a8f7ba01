"""The plain pages of the development plan."""
