"""Tables with small pictures: a strip beside each score, left out of the file."""

from dataclasses import replace

from django.http import HttpResponse

from philoxenia_web.ui.tables import Table

PICTURE = "picture"


class PictureTable(Table):
    """A table some of whose columns are drawn: those of kind "picture" hold safe markup."""

    def export(self) -> HttpResponse:
        """The file, without the pictures."""
        columns = [one for one in self.columns if one.kind != PICTURE]
        return Table.export(replace(self, columns=columns))
