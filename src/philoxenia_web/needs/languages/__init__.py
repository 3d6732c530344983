"""The gap map of languages: who reaches no help that speaks theirs."""
