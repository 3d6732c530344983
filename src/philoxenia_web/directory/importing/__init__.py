"""Reading a feed into the directory: staged, stripped of confidential sites, merged, in one transaction."""
