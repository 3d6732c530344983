"""Directories written to give a hidden place away: odd names, odd places for its address, odd marks."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from philoxenia.exchange.hsds import Records, read_records

Rows = Sequence[Mapping[str, Any]]
Read = Callable[..., Records]
SECRETS = ("lantern", "m9z", "43.712", "79.412", "birchwood")
WHERE = "7 Lantern Crescent, Toronto M9Z 9Z9"
BODY = {"id": "o1", "name": "Maple", "description": ""}
SERVICE = {"id": "s1", "organization_id": "o1", "name": "Maple House", "status": "active"}
SHELTER = SERVICE | {"name": "Women's Shelter"}
PLACE = {"id": "l1", "location_type": "physical", "name": "Birchwood",
         "latitude": "43.712345", "longitude": "-79.412345"}  # fmt: skip
ADDRESS = {"id": "a1", "location_id": "l1", "address_1": "7 Lantern Crescent", "city": "Toronto",
           "postal_code": "M9Z 9Z9"}  # fmt: skip
LINK = {"id": "x1", "service_id": "s1", "location_id": "l1"}
TERM = {"id": "t1", "code": "y", "name": "Domestic Violence Shelters"}


def written(path: Path, rows: Rows) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def told(tmp_path: Path) -> Read:
    """A package with one service at one place, and other tables."""

    def read(**tables: Rows) -> Records:
        whole: dict[str, Rows] = {
            "organizations": [BODY],
            "services": [SERVICE],
            "locations": [PLACE],
            "addresses": [ADDRESS],
            "service_at_location": [LINK],
        }
        for name, rows in (whole | tables).items():
            written(tmp_path / f"{name}.csv", rows)
        return read_records(tmp_path)

    return read


def gives_away(records: Records) -> list[str]:
    cells = " ".join(str(frame.rows()) for frame in records.tables.values()).lower()
    said = " ".join(str(one.as_dict()) for one in records.told).lower()
    return [one for one in SECRETS if one in cells + said]


# All at once: each is a service at a place of its own in one file.
HIDDEN_NAMES = [
    *("Nellie's Shelter", "Redwood Shelter", "V.A.W. shelter", "VAW Transitional Housing", "DV shelter"),
    *("Women and Children Shelter", "Shelter (Women)", "Battered Women Home", "Transition Home"),
    *(
        "Women's Residence",
        "Women's Aid",
        "WOMEN\u2019S SHELTER",
        "W\u043emen's Shelter",
        "Second Stage Housing",
    ),
    *("\uff37\uff4f\uff4d\uff45\uff4e's Shelter", "Human trafficking safe accommodation", "Undisclosed"),
    *("Forced marriage refuge", "LGBT youth fleeing violence housing", "Maison des femmes"),
    *("Hébergement d'urgence femmes", "Albergue para mujeres", "Hogar protegido", "دار الأمان", "مأوى"),
    *("ملجأ نساء", "دار حماية الأسرة", "خانه امن زنان", "Шелтер для жінок", "Безпечний дім", "Притулок"),
    *("Убежище для женщин", "ΞΕΝΩΝΑΣ ΓΥΝΑΙΚΩΝ", "Kadın sığınma evi", "妇女庇护所", "여성 쉼터"),
]
OPEN_NAMES = [
    *("Homeless Shelter", "Animal Shelter", "Men's shelter", "Youth Shelter", "Central intake for shelters"),
    *("Bus shelter repair", "Refugee Centre", "Transit information", "Career Transition Program", "Library"),
    *("Women's Health Clinic", "Housing Help Centre", "Maison de la culture", "Casa Maiz", "مركز تعليم"),
]


def _services(told: Read, names: Sequence[str]) -> dict[str, bool]:
    every = range(len(names))
    records = told(
        organizations=[BODY | {"id": f"o{i}", "name": f"Body {i}"} for i in every],
        services=[SERVICE | {"id": f"s{i}", "organization_id": f"o{i}", "name": names[i]} for i in every],
        locations=[{"id": f"l{i}", "location_type": "physical"} for i in every],
        addresses=[{"id": f"a{i}", "location_id": f"l{i}", "address_1": f"{i} Road {i}"} for i in every],
        service_at_location=[{"id": f"x{i}", "service_id": f"s{i}", "location_id": f"l{i}"} for i in every],
    )  # fmt: skip
    return dict(records.tables["service"].select("name", "confidential").iter_rows())


def test_names_that_protect_and_names_that_do_not(told: Read) -> None:
    found = _services(told, [*HIDDEN_NAMES, *OPEN_NAMES])
    assert [name for name in HIDDEN_NAMES if found.get(name, True) is False] == []
    assert [name for name in OPEN_NAMES if found.get(name)] == []
    assert len(found) == len(HIDDEN_NAMES) + len(OPEN_NAMES)


@pytest.mark.parametrize(
    "tables",
    [
        {"attributes": [{"id": "t", "link_id": "s1", "link_entity": "service", "value": WHERE}]},
        {"attributes": [{"id": "t", "link_id": "o1", "link_entity": "organization", "label": WHERE}]},
        {"schedules": [{"id": "h", "service_id": "s1", "schedule_link": "https://x.org/7-lantern-crescent"}]},
        {"organizations": [BODY | {"website": "https://x.org/at/7%20L%61ntern_Crescent"}]},
        {"funding": [{"id": "f", "organization_id": "o1", "source": "The house at 7 Lantern Crescent"}]},
        {"funding": [{"id": "f", "service_id": "s1", "source": "The house at 7 Lantern Crescent"}]},
        {"service_at_location": [{"id": "x", "service_id": "nobody", "location_id": "l1"}]},
        {
            "services": [
                SHELTER,
                SERVICE | {"id": "s2", "name": "Office", "description": "On Lantern Cres."},
            ],
            "service_at_location": [LINK],
        },
        {
            "services": [SHELTER, SERVICE | {"id": "s2", "organization_id": "o2", "name": "Lunch"}],
            "organizations": [BODY, BODY | {"id": "o2", "name": "Oak"}],
            "locations": [PLACE, {"id": "l2", "location_type": "physical"}],
            "addresses": [
                ADDRESS,
                ADDRESS | {"id": "a2", "location_id": "l2", "address_1": "7 LANTERN Cr.", "postal_code": ""},
            ],
            "service_at_location": [LINK, {"id": "x2", "service_id": "s2", "location_id": "l2"}],
        },
    ],
)
def test_an_address_in_odd_cells_goes(told: Read, tables: dict[str, Rows]) -> None:
    assert gives_away(told(**({"services": [SHELTER]} | tables))) == []


@pytest.mark.parametrize(
    "tables",
    [
        {"services": [SERVICE | {"status": "confidential"}]},
        {"services": [SERVICE | {"program_id": "g1"}],
         "programs": [{"id": "g1", "organization_id": "o1", "name": "Women's Shelter", "description": "x"}]},
        {"organizations": [BODY | {"description": "A shelter for women fleeing violence."}]},
        {"organizations": [BODY | {"parent_organization_id": "o2"},
                           BODY | {"id": "o2", "name": "Safe House"}]},
        {"addresses": [ADDRESS | {"address_type": "confidential"}]},
        {"attributes": [{"id": "t", "link_id": "l1", "link_entity": "location", "value": "confidential"}]},
        {"attributes": [{"id": "t", "link_id": "s1", "link_entity": "service", "label": "Confidential",
                         "value": "true"}]},
        {"attributes": [{"id": "t", "link_id": "s1", "link_entity": "service",
                         "value": "Domestic Violence Shelters"}]},
        *({"taxonomy_terms": [TERM, {"id": "t2", "code": "z", "name": "Kind", "parent_id": "t1"}],
           "attributes": [{"id": "t", "link_id": link, "link_entity": entity, "taxonomy_term_id": term}]}
          for link, entity, term in [("s1", "service", "t2"), ("l1", "location", "t1"),
                                     ("o1", "organization", "t1"), ("x1", "service_at_location", "t1")]),
        {"translations": [{"id": "t", "object_table": "service", "object_id": "s1", "field": "name",
                           "language": "fr", "text": "Refuge pour femmes battues"}]},
        {"locations": [PLACE | {"location_type": "safe house"}]},
    ],
)  # fmt: skip
def test_marks_in_odd_cells_count(told: Read, tables: dict[str, Rows]) -> None:
    assert gives_away(told(**tables)) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Notes", "Confidential location"),
        ("Comments", "Please do not publish the address"),
        ("Keywords", "VAW shelter"),
        ("Hide Address", "yes"),
    ],
)
def test_columns_nobody_knows_are_heeded(tmp_path: Path, column: str, value: str) -> None:
    row = {"Name": "Maple House", "Address": "7 Lantern Crescent", "Postal Code": "M9Z 9Z9",
           "Latitude": "43.712345", "Longitude": "-79.412345", "Phone": "416-555-0100"}  # fmt: skip
    other = {"Name": "Office", "Address": "1 Main St", "Postal Code": "M1M 1M1", column: ""}
    records = read_records(written(tmp_path / "list.csv", [row | {column: value}, other]))
    assert gives_away(records) == []
    assert records.tables["service"].filter("confidential")["name"].to_list() == ["Maple House"]
    assert "1 Main St" in records.tables["address"]["address_1"].to_list()


def test_no_cell_takes_the_computer_away(tmp_path: Path) -> None:
    cells = {"Name": "N" * 2_000_000, "Address": "1 Main St", "Phone": "4" * 200_000 + " 416-555-0100"}
    records = read_records(written(tmp_path / "list.csv", [cells, {"Name": "Office", "Phone": "4165550101"}]))
    assert records.count("service") == 2
    assert max(len(one) for one in records.tables["service"]["name"]) < 200_000
    assert records.count("phone") < 200
    assert any(one.kind == "text_cut" for one in records.told)
