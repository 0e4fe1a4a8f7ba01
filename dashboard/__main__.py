"""`python -m dashboard`."""

import sys

from sqlalchemy.exc import OperationalError

from dashboard.cli import make_app


def main() -> None:
    """Run a command; a store that cannot be reached is said in a sentence, not in a traceback."""
    try:
        make_app()(prog_name="python -m dashboard")
    except OperationalError as error:
        print(f"The store cannot be reached or read: {error.orig}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
