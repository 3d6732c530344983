"""What casework keeps: ids, codes, states, times, numbers. Words about a person are sealed in `registry`."""
