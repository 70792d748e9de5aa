"""Chunks become drafts: the embedded writer (extractive) and the one that asks a model (llm)."""
