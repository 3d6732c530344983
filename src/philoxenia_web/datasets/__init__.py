"""Departments' extracts: handed in, checked, agreed on, published to the lake, withdrawn."""
