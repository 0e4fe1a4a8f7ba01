"""Starts the dashboard: `python app.py` is `python -m dashboard serve`.

It migrates the store, loads the sample into an empty one, and serves.
"""

from dashboard.cli import run

if __name__ == "__main__":
    run(["serve"])
