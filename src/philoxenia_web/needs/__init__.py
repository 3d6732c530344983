"""Pages of a planner for needs: overlap, packages of programmes, profiles from surveys, districts."""
