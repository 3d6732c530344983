"""Terms, what they are said of, and where records come from."""

from django.db import models

from philoxenia_web.directory.models.base import Row, found_by, link, words


class Taxonomy(Row):
    """A list of terms."""

    name = models.TextField()
    description = words()
    uri = words()
    # `version` of HSDS: the edition of the list.
    version = words()

    class Meta:
        db_table = "directory_taxonomy"


class TaxonomyTerm(Row):
    """A term. `taxonomy_name` is `taxonomy` in HSDS: its list, by name."""

    code = words()
    name = models.TextField()
    description = words()
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="narrower", db_index=False
    )
    taxonomy_name = words()
    language = words(size=20)
    taxonomy = link("Taxonomy", "terms")
    term_uri = words()

    class Meta:
        db_table = "directory_taxonomy_term"
        indexes = [
            *found_by("taxonomy_term", "parent", "taxonomy"),
            models.Index(fields=["code"], name="taxonomy_term_code"),
        ]


class Attribute(Row):
    """A term said of a record of any table."""

    link_id = models.UUIDField()
    link_entity = words(size=40)
    link_type = words()
    taxonomy_term = link("TaxonomyTerm", "attributes")
    value = words()
    label = words()

    class Meta:
        db_table = "directory_attribute"
        indexes = [
            models.Index(fields=["link_id"], name="attribute_link"),
            *found_by("attribute", "taxonomy_term"),
        ]


class Metadata(Row):
    """A change of a record, as its source or this directory tells it."""

    resource_id = models.UUIDField()
    resource_type = words(size=40)
    last_action_date = models.DateField(null=True, blank=True)
    last_action_type = words()
    field_name = words()
    previous_value = words()
    replacement_value = words()
    updated_by = words()

    class Meta:
        db_table = "directory_metadata"
        indexes = [models.Index(fields=["resource_id"], name="metadata_resource")]


class MetaTableDescription(Row):
    """The language and letters of a table of a source."""

    name = words()
    language = words(size=40)
    character_set = words(size=40)

    class Meta:
        db_table = "directory_meta_table_description"
