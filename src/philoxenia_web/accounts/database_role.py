"""The role as which the application reads and writes rows. Alone here, so that naming it loads nothing."""

APPLICATION_ROLE = "philoxenia_app"
