"""What a build would send to a model and what that would cost, told before anything is sent."""

from builder.plan.numbers import Plan, plan
from builder.plan.text import facts, lines

__all__ = ["Plan", "facts", "lines", "plan"]
