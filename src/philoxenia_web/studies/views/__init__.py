"""Pages of the studies app: choosing, following, comparing, sharing, downloading."""
