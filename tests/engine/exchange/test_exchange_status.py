"""Immigration status is kept out: how it is recognised, in which languages, how false alarms are settled."""

from pathlib import Path

import pytest
from spoil import rows_of, with_column, write

from philoxenia.exchange import Outcome, check_file
from philoxenia.exchange.places import Places, read_places
from philoxenia.exchange.status import header_depends, header_term

FLOW = rows_of("system_flow")

HEADERS = {
    "English": [
        "immigration_status",
        "ImmStatus",
        "imm stat",
        "Visa Type",
        "UCI",
        "refugee_claim_no",
        "PR Card #",
    ],
    "French": ["statut d'immigration", "Statut migratoire", "Permis de séjour", "citoyenneté", "IUC"],
    "Spanish": ["estatus_migratorio", "Situación migratoria", "Permiso de residencia", "ciudadania"],
    "Arabic": ["حالة الهجرة", "وضع الإقامة", "الجنسية", "نوع التأشيرة", "طالب لجوء"],
    "Greek": ["καθεστώς διαμονής", "Άδεια Παραμονής", "ΥΠΗΚΟΟΤΗΤΑ", "Αιτών άσυλο"],
    "Ukrainian": ["імміграційний статус", "Громадянство", "дозвіл на проживання", "тип візи"],
    "Russian": ["Иммиграционный статус", "вид на жительство"],
    "Persian": ["وضعیت مهاجرت", "تابعیت", "روادید"],
    "Urdu": ["امیگریشن اسٹیٹس", "شہریت"],
    "Portuguese": ["Situação migratória", "título de residência"],
    "Chinese": ["移民身份", "簽證類別", "国籍"],
    "Korean": ["체류 자격", "비자종류"],
    "Tagalog": ["Katayuan sa Imigrasyon"],
    "Tamil": ["குடிவரவு நிலை"],
    "Bengali": ["অভিবাসন অবস্থা"],
    "Vietnamese": ["tình trạng di trú", "quốc tịch"],
    "Gujarati": ["ઇમિગ્રેશન સ્ટેટસ"],
    "Somali": ["heerka socdaalka"],
    "Tigrinya": ["ናይ ኢሚግሬሽን ኩነታት", "ዜግነት"],
    "Amharic": ["የኢሚግሬሽን ሁኔታ", "የመኖሪያ ፈቃድ"],
    "German": ["Aufenthaltsstatus", "Staatsangehörigkeit"],
}


@pytest.mark.parametrize("header", [header for headers in HEADERS.values() for header in headers])
def test_a_header_of_immigration_status_is_recognised(header: str) -> None:
    assert header_term(header) is not None


@pytest.mark.parametrize(
    "header",
    [
        "imigration_status",
        "IMMIGRATIONSTATUS",
        "immigrationStatus",
        "client immigration status code",
        "Status of Immigration",
        "Client - Imm. Status",
        "citezenship",
    ],
)
def test_slips_joined_words_and_other_orders_do_not_hide_it(header: str) -> None:
    assert header_term(header) is not None


@pytest.mark.parametrize(
    "header",
    [
        "marital_status",
        "employment_status",
        "status",
        "Rooming House Status",
        "immunization_status",
        "data_migration_status",
        "visa_card_payment",
        "Building Permit No",
        "Citizenship classes held",
        "permanent_residents_count",
        "Immigrant%",
        "claim_office_type",
        "population_group",
        "الجنس",
        "الحالة الاجتماعية",
        "état civil",
        "estado civil",
        "семейное положение",
        "postal_code",
        "nationality_of_cuisine",
    ],
)
def test_other_headers_are_let_be(header: str) -> None:
    assert header_term(header) is None


def test_a_column_of_status_refuses_the_file_and_says_what_to_hand_in_instead(tmp_path: Path) -> None:
    report = check_file(write(tmp_path, with_column(FLOW, "imm_status", ["a", "b"])))
    assert report.outcome is Outcome.REFUSED
    assert report.outcome.exit_code == 3
    finding = report.findings[0]
    assert finding.rule == "status_column"
    for words in (
        '"imm_status"',
        "English",
        "Delete the column",
        "language",
        "household",
        "need",
        "came to the city",
    ):
        assert words in f"{finding.message} {finding.remedy}"


def test_the_status_column_is_never_in_the_table(tmp_path: Path) -> None:
    table = check_file(write(tmp_path, with_column(FLOW, "imm_status", ["PR"]))).table
    assert not any("PR" in str(row) for row in table.head(3).iter_rows())


VALUES = [
    ["Permanent Resident", "Refugee claimant", "Work permit", "Citizen"],
    ["PR", "citizen"],
    ["résident permanent", "demandeur d'asile", "sans papiers"],
    ["residente permanente", "solicitante de asilo", "indocumentado"],
    ["مقيم دائم", "طالب لجوء"],
    ["άδεια διαμονής", "αιτών άσυλο"],
    ["тимчасовий захист", "шукач притулку"],
    ["Permanent Resident (landed 2019)", "work permit - expires 2026", "other"],
    ["永久居民", "工作许可"],
]


@pytest.mark.parametrize("values", VALUES)
def test_cells_of_status_give_away_a_column_with_an_innocent_name(values: list[str], tmp_path: Path) -> None:
    report = check_file(write(tmp_path, with_column(FLOW, "client_type", values)))
    assert [f.rule for f in report.findings if f.severity == "refused"] == ["status_values"]


INNOCENT = {
    "project stage": ["Under Construction", "Occupied", "Under Review"],
    "school kind": ["PR", "EP", "ES", "FP", "U"],
    "marital_status": ["single", "married", "widowed"],
    "refugees": ["412", "390", "388"],
    "Immigrant%": ["6.3", "5.1", "7.2"],
    "programme type": ["Citizenship", "ESL", "Literacy", "Cultural", "User Education"],
    "program_area": ["Temporary Refugee Response", "Winter Programs", "Base"],
    "employment_status": ["employed", "looking for work", "student"],
    "payment": ["Visa", "Mastercard", "cash"],
    "who visits": ["visitor", "member", "staff"],
    "needs/legal_documentation": ["0", "1"],
    "documents complete": ["yes", "no"],
    "naturalisation": ["812", "790"],
}


@pytest.mark.parametrize("header", INNOCENT)
def test_columns_of_other_things_pass(header: str, tmp_path: Path) -> None:
    report = check_file(write(tmp_path, with_column(FLOW, header, INNOCENT[header])))
    assert [f.rule for f in report.findings if f.rule.startswith("status")] == []
    assert report.accepted


def test_a_header_that_may_mean_status_is_settled_by_its_cells(tmp_path: Path) -> None:
    assert header_depends("refugee")
    flags = check_file(write(tmp_path, with_column(FLOW, "is_refugee", ["Y", "N"])))
    counts = check_file(write(tmp_path, with_column(FLOW, "refugee", ["12", "9"])))
    assert flags.outcome is Outcome.REFUSED
    assert counts.accepted


def test_the_shelter_services_own_groups_are_no_status(tmp_path: Path) -> None:
    report = check_file(write(tmp_path, FLOW))
    assert report.accepted
    assert set(report.table["group"]) >= {"refugees", "non_refugees"}


def test_status_refuses_a_file_of_no_known_kind_too(tmp_path: Path) -> None:
    rows = [["client", "first_name", "immigration_status"], ["1", "Ann", "PR"], ["2", "Bo", "Claimant"]]
    report = check_file(write(tmp_path, rows))
    assert report.outcome is Outcome.REFUSED
    assert [finding.rule for finding in report.findings] == ["status_column", "not_recognised"]


class TestAFalseAlarm:
    """A declaration names the column, the reason and who decided. It excuses the header, never the cells."""

    reason = "the card the fee was paid with"

    def test_is_settled_by_a_declared_reason_that_stays_in_the_report(self, tmp_path: Path) -> None:
        path = write(tmp_path, with_column(FLOW, "visa", ["gold", "classic"]))
        report = check_file(path, not_status={"visa": self.reason})
        assert report.accepted
        note = next(finding for finding in report.findings if finding.rule == "status_exception")
        assert self.reason in note.message
        assert "on the command line" in note.message

    def test_does_not_let_status_values_through(self, tmp_path: Path) -> None:
        path = write(tmp_path, with_column(FLOW, "visa", ["work permit", "student visa"]))
        report = check_file(path, not_status={"visa": self.reason})
        assert report.outcome is Outcome.REFUSED
        assert [f.rule for f in report.findings if f.rule.startswith("status")] == ["status_exception_void"]

    def test_may_be_declared_by_the_city_with_role_and_date(self, tmp_path: Path, toronto: Path) -> None:
        folder = tmp_path / "cities" / "toronto"
        folder.mkdir(parents=True)
        (folder / "districts.geojson").write_bytes((toronto / "districts.geojson").read_bytes())
        (folder / "city.toml").write_text(
            '[[exchange.not_status]]\ncontract = "shelter_flow"\ncolumn = "Visa"\n'
            f'reason = "{self.reason}"\ndecided_by_role = "privacy officer"\ndate = "2026-01-05"\n',
            encoding="utf-8",
        )
        path = write(tmp_path, with_column(FLOW, "visa", ["gold", "classic"]))
        settled = check_file(path, city=folder)
        assert settled.accepted
        assert any("privacy officer, 2026-01-05" in finding.message for finding in settled.findings)

    def test_for_another_contract_does_not_count(self, tmp_path: Path, city: Places) -> None:
        assert read_places is not None
        path = write(tmp_path, with_column(FLOW, "visa", ["gold"]))
        assert check_file(path, city=city, not_status={"visas": "x"}).outcome is Outcome.REFUSED
