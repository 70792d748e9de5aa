"""What can go wrong, as exceptions.

    BuilderError            exit code 1: the run failed; message says what, hint what to do next
      SettingsError         exit code 2: a flag, variable or setting is wrong
      SourceError           exit code 2: nothing to read where documents were expected
      RunError              exit code 1: a run folder is locked, foreign, damaged, unwritable
      IntegrityError        exit code 1: records that must match do not (a duplicate id)
      ProviderError         exit code 1: a model server that cannot serve the run at all

A failed item (a file, a request, a pair) is never an exception: it is a record with a reason.
"""

from __future__ import annotations


class BuilderError(Exception):
    """An error for the user: printed as message and hint, without a traceback."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(BuilderError):
    """A flag, an environment variable or a setting is wrong."""

    exit_code = 2


class SourceError(BuilderError):
    """There is nothing to read where documents were expected."""

    exit_code = 2


class RunError(BuilderError):
    """A run folder is locked, foreign, damaged or cannot be written."""


class IntegrityError(BuilderError):
    """Records that must match do not: a duplicate id, a join that is not one to one."""


class ProviderError(BuilderError):
    """A model server cannot serve the run at all (unreachable, refused, unknown model)."""
