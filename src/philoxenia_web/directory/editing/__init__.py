"""Writing records of the directory by hand: what may be edited, merging, and the actions that write."""
