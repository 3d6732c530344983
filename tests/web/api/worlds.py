"""Objects of an organisation for requests to open: data sets, uploads, studies with a small result."""

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import shapely
from django.db.models.functions import Now
from django.utils import timezone
from tests.engine.report.made_foresight import foresight

from philoxenia.lake import Provenance
from philoxenia.report import Findings, keep_findings
from philoxenia.report.foresight import keep_foresight
from philoxenia.report.tables import as_csv, tables
from philoxenia.report.types import CityFacts
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.api.figures import figures_of
from philoxenia_web.datasets import queries as data
from philoxenia_web.datasets.checking import check_result
from philoxenia_web.datasets.models import Agreement, Dataset, Upload, Version
from philoxenia_web.datasets.stores import upload_path
from philoxenia_web.studies import queries
from philoxenia_web.studies.computing import pack
from philoxenia_web.studies.models import Share, Study

# One content for all tests: what lies on the disk is written once.
ROWS = pl.DataFrame(
    {"time": ["2026-01", "2026-02", "2026-03"], "beds": [10, 12, None], "note": ["=1", "b", None]}
)
RESULT = UUID("5d7f2f0e-0000-4000-8000-000000000001")


def make_dataset(organisation: Organisation, title: str = "Beds", **agreed: object) -> Version:
    """A published data set with one version in the lake."""
    name = f"beds_{hashlib.sha256(title.encode()).hexdigest()[:12]}"
    dataset = Dataset.objects.create(
        organisation=organisation,
        contract="shelter_flow",
        title=title,
        lake_table=f"{name}_{uuid4().hex[:8]}",
    )
    return make_version(dataset, ROWS, **agreed)


def make_version(dataset: Dataset, rows: pl.DataFrame, **agreed: object) -> Version:
    """A further published version."""
    told = Provenance(
        source="Test",
        licence="CC0",
        contract="shelter_flow",
        contract_version="1",
        time="2026-01-01",
        notes=(),
    )
    stored = data.lake().put(dataset.lake_table, rows, told)
    version = Version.objects.create(
        organisation=dataset.organisation,
        dataset=dataset,
        number=stored.number,
        state=Version.State.PUBLISHED,
        file_name="beds.csv",
        contract="shelter_flow",
        outcome="accepted",
        rows=rows.height,
        columns=rows.columns,
        checked=1,
        lake_number=stored.number,
        content_hash=stored.content_hash,
        published_at=timezone.now(),
    )
    Agreement.objects.create(
        of=version,
        number=1,
        purposes=["planning"],
        valid_from=timezone.localdate() - timedelta(days=1),
        licence="CC0",
        **agreed,
    )
    return version


def make_draft_version(organisation: Organisation) -> Version:
    """A checked hand-in that waits to be published."""
    version = Version.objects.create(
        organisation=organisation,
        state=Version.State.CHECKED,
        file_name="beds.csv",
        contract="shelter_flow",
        outcome="accepted with mends",
        rows=ROWS.height,
        columns=ROWS.columns,
        checked=1,
        check_folder="1",
        checked_at=timezone.now(),
        mends_accepted_at=timezone.now(),
    )
    place = check_result(version)
    place.mkdir(parents=True, exist_ok=True)
    ROWS.write_parquet(place / "table.parquet")
    return version


def make_upload(person: Person, organisation: Organisation, content: bytes = b"", size: int = 2) -> Upload:
    """A file on its way in, of which `content` is here."""
    upload = Upload.objects.create(
        person_id=person.pk, organisation=organisation, name="beds.csv", size=size, key=uuid4()
    )
    if content:
        upload_path(upload.pk).write_bytes(content)
    return upload


def make_study(
    organisation: Organisation, person: Person | None, title: str = "A study", **fields: object
) -> Study:
    """A study of these settings."""
    return Study.objects.create(organisation=organisation, created_by=person, title=title, **fields)


def make_done_study(
    organisation: Organisation, person: Person | None, pk: UUID | None = None, **fields: object
) -> Study:
    """A finished study with a small result."""
    study = make_study(
        organisation,
        person,
        pk=pk or uuid4(),
        state=Study.State.DONE,
        result="result-1",
        headline="Pressure is highest in East.",
        started_at=Now(),
        finished_at=Now(),
        **fields,
    )
    study.refresh_from_db()
    study.result_hash = write_result(queries.result_folder(study))
    study.save(update_fields=["result_hash"])
    return study


def make_done_foresight(organisation: Organisation, person: Person | None, **fields: object) -> Study:
    """A finished foresight study with forty made-up futures."""
    study = make_study(
        organisation,
        person,
        pk=uuid4(),
        kind="foresight",
        state=Study.State.DONE,
        result="result-1",
        started_at=Now(),
        finished_at=Now(),
        **fields,
    )
    folder = queries.foresight_folder(study)
    keep_foresight(foresight(), folder)
    study.result_hash = pack(folder.parent, {"seed": 1})
    study.save(update_fields=["result_hash"])
    study.refresh_from_db()
    return study


def share(study: Study, organisation: Organisation | None = None, role: str = "") -> Share:
    """Let others read a study."""
    return Share.objects.create(study=study, organisation=organisation, role=role)


def small_findings() -> Findings:
    """Two districts with people and pressure in one aspect."""
    districts = pl.DataFrame(
        {
            "district_id": ["1", "2"],
            "name": ["East", "West"],
            "longitude": [0.5, 1.5],
            "latitude": [0.5, 0.5],
            "area_km2": [1.0, 1.0],
            "geometry": [shapely.box(x, 0, x + 1, 1).wkb for x in (0, 1)],
        }
    )
    people = pl.DataFrame(
        {"district_id": ["1", "2"], "population": ["all_residents"] * 2, "people": [1000.0, 2000.0]}
    )
    pressure = pl.DataFrame(
        {
            "district_id": ["1", "2"],
            "aspect": ["basic_services"] * 2,
            "population": ["all_residents"] * 2,
            "score": [80.0, 20.0],
            "score_low": [70.0, 10.0],
            "score_high": [90.0, 30.0],
            "rank": [1, 2],
            "rank_low": [1, 2],
            "rank_high": [1, 2],
            "indicators": [3, 3],
        }
    )
    return Findings(CityFacts("test", "Test City"), districts, people=people, pressure=pressure)


def write_result(folder: Path) -> str:
    """A result as a run writes it; its hash. Written once for each folder."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        findings = small_findings()
        keep_findings(findings, folder / "findings")
        (folder / "tables").mkdir(exist_ok=True)
        for name, frame in tables(findings).items():
            (folder / "tables" / f"{name}.csv").write_bytes(as_csv(frame))
            frame.write_parquet(folder / "tables" / f"{name}.parquet")
        (folder / "report.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
        pack(folder, {"seed": 1})
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


def figure_of(study: Study) -> str:
    """The name of a drawing of the small result."""
    return str(figures_of(study)[0]["name"])
