"""One way to do CPU work in parallel: `Local(...).map(make, args, items)`."""

from __future__ import annotations

from builder.engine.local import Local
from builder.engine.worker import Lost

__all__ = ["Local", "Lost"]
