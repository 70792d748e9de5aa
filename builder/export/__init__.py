"""Pairs and verdicts -> files that trainers and people read."""
