"""The engine of Philoxenia: pure Python, no web framework, no network, no database server.

Start with `philoxenia.workflows`: `open_city`, `run_city`.
"""

__version__ = "0.1.0"
