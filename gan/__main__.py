"""`python -m gan` is the `gan` command."""

from gan.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
