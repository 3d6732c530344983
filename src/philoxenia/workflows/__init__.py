"""Named chains of the capabilities; the only place where one feeds another."""
