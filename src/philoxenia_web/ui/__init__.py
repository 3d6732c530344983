"""How pages look and are put together: layouts, components, styles, charts, maps, translations."""
