"""The steering group's meeting: the agenda of its screen, how the screen learns of changes, and what is noted there.

The screen itself is drawn by `dashboard/screens/room.py`; the browser's part is `assets/room.js`.
"""
