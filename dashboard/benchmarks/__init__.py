"""Figures that schools lay open to one another (1.7–1.11): as printed, with what was not supplied left open."""
