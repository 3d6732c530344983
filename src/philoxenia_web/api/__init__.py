"""The public HTTP interface; calls the same actions as the pages."""
