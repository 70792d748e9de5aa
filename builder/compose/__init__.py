"""Drafts -> pairs: rows with their passages, answerable and unanswerable."""

from builder.compose.absence import answer_absent
from builder.compose.refusals import Refusals, load_refusals
from builder.compose.rows import compose
from builder.compose.unanswerable import UNANSWERABLE

__all__ = ["UNANSWERABLE", "Refusals", "answer_absent", "compose", "load_refusals"]
