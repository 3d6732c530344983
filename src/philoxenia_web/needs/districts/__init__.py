"""Estimates for districts too small for a survey: accounts at a bank, homes that renters could own."""
