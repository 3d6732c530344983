"""Toronto's tables as load takes them, read without any other capability."""

import json
import tomllib
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
import shapely

from philoxenia.reference import default_parameters
from philoxenia.scenarios import CityInputs, inputs_from_city


@pytest.fixture(scope="session")
def toronto_city(toronto: Path) -> SimpleNamespace:
    """The city package as plain frames."""
    tables = {
        path.stem: pl.read_csv(path, infer_schema_length=None, schema_overrides={"district_id": pl.String})
        for path in sorted((toronto / "tables").glob("*.csv"))
    }
    settings = tomllib.loads((toronto / "city.toml").read_text(encoding="utf-8"))
    features = json.loads((toronto / "districts.geojson").read_text(encoding="utf-8"))["features"]
    centres = [shapely.from_geojson(json.dumps(feature["geometry"])).centroid for feature in features]
    return SimpleNamespace(
        districts=pl.DataFrame(
            {
                "district_id": [feature["properties"]["district_id"] for feature in features],
                "longitude": [centre.x for centre in centres],
                "latitude": [centre.y for centre in centres],
            }
        ),
        tables=tables,
        parameters=default_parameters(),
        services=tuple(settings["services"]["shown"]),
        groups=settings["groups"],
        arrivals=settings["arrivals"],
    )


@pytest.fixture(scope="session")
def toronto_inputs(toronto_city: SimpleNamespace) -> CityInputs:
    """Inputs of load for Toronto."""
    return inputs_from_city(toronto_city)
