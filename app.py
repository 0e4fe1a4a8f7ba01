"""Starts the dashboard: `python app.py`. Migrates the store, loads the sample into an empty one, and serves."""

from dashboard.serving import serve
from dashboard.settings import Settings

if __name__ == "__main__":
    serve(Settings())
