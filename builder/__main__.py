"""`python -m builder` is the command `builder`."""

from builder.cli import entry

if __name__ == "__main__":
    entry()
