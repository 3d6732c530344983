"""A finished study as pages: where pressure is, who may come, what that asks, and how sure that is.

Owns what the pages say and show, in the reader's language, and how they are kept ready. Ignores how studies
are made and who may read them: that is `studies.queries`.
"""
