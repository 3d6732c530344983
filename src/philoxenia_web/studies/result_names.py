"""Names of files in a study's result; apart from `computing`, so that pages do not load the engine too."""

EVERYTHING = "everything.zip"
MANIFEST = "manifest.json"
