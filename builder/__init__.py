"""builder: raw documentation in, an instruction dataset for answering from context out."""

__version__ = "0.1.0"
