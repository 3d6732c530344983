"""Saved runs of the engine: inputs, parameters, version, progress, result; and their pages."""
