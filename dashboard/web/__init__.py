"""The server around the pages: who comes in (`door.py`), what every answer carries, plain pages that need no script."""
