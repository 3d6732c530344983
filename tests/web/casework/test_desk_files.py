"""Documents: looked at by their bytes, drawn anew, sealed; what could run or identify is refused."""

import io
import zlib
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from tests.web.casework.desk_world import desk_of

from philoxenia_web.casework.files import JPEG, PDF, checked_file
from philoxenia_web.casework.models import Document
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people.visits import visiting


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + inside + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind: str = "PNG", **more: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (30, 20), "beige").save(written, kind, **more)
    return written.getvalue()


def test_a_photograph_is_drawn_anew_and_loses_what_the_camera_wrote() -> None:
    marks = Image.Exif()
    marks[0x010F] = "CAMERA-OF-SOMEBODY"
    kept = checked_file(picture("JPEG", exif=marks) + b"<script>after the end</script>")
    assert kept.media_type == JPEG and b"CAMERA" not in kept.content and b"script" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (30, 20)


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    assert checked_file(pdf()).content == pdf() and checked_file(pdf()).media_type == PDF


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (pdf(), "my_ID_card.pdf"),
        (pdf(), "residence permit.pdf"),
        (b"<html><script>alert(1)</script>", "letter.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "picture.png"),
        (b"PK\x03\x04 macro", "letter.docx"),
        (b"GIF89a", "picture.gif"),
        (b"\xff\xd8\xff no photograph", "photo.jpg"),
        (pdf(b"2 0 obj<</S/JavaScript/JS(app.alert)>>endobj"), "a.pdf"),
        (pdf(b"2 0 obj<</S/#4aavaScript/JS(app.alert)>>endobj"), "a.pdf"),
        (
            pdf(b"2 0 obj<</Length 9>>stream\n" + zlib.compress(b"<</S/Launch/F(cmd)>>") + b"\nendstream"),
            "a.pdf",
        ),
        (pdf(b"2 0 obj<</Type/EmbeddedFile>>endobj"), "a.pdf"),
        (pdf(b"/Encrypt 5 0 R"), "a.pdf"),
        (pdf()[:60], "cut.pdf"),
        (b"%PDF-1.4" + b"x" * (10 * 2**20), "large.pdf"),
        (pdf(b"(P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<)"), "scan.pdf"),
        (picture(), "my passport.png"),
        (picture(), "جواز السفر.png"),
    ],
)
def test_what_could_run_or_identify_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    with pytest.raises(NotPossible) as refused:
        checked_file(content, name)
    assert str(refused.value).endswith(".") and name not in str(refused.value)


@pytest.mark.parametrize("inside", [b"PA" * 1_000_000, b"<" * 2_000_000], ids=["letters", "fillers"])
def test_a_file_made_to_be_looked_at_for_hours_is_looked_at_once(inside: bytes) -> None:
    assert checked_file(pdf(inside)).media_type == PDF


@pytest.mark.parametrize("name", ["covid card.pdf", "building permit.pdf", "visa card bill.pdf"])
def test_a_name_that_only_sounds_like_a_paper_is_taken(name: str) -> None:
    assert checked_file(pdf(), name).media_type == PDF


def test_a_file_of_streams_alone_is_too_much() -> None:
    with pytest.raises(NotPossible, match="more than is looked at"):
        checked_file(pdf(b"stream\n" * 100_000))


def test_a_stray_end_hides_no_stream() -> None:
    packed = zlib.compress(b"<</S/JavaScript/JS(app.alert(1))>>")
    with pytest.raises(NotPossible, match="can start something"):
        checked_file(pdf(b"endstream stream\r\n" + packed + b"\nendstream"))


@pytest.mark.django_db
def test_a_document_is_sealed_and_comes_back_as_a_file_in_which_nothing_runs() -> None:
    desk = desk_of("Shelter")
    case, browser = desk.open_case(desk.write_down()), desk.browser()
    # As large as a telephone's photograph.
    large = pdf(b"(Zebrafinch)" + b"%" * 6_000_000)
    file = SimpleUploadedFile("Amal Haddad.pdf", large, "text/html")
    told = {"kind": "letter", "no_identity": "on", "key": str(uuid4()), "file": file}
    assert browser.post(reverse("front-document-add", args=[case.pk]), told).status_code == 302
    with visiting(desk.actor):
        kept = Document.objects.get()
    answer = browser.get(reverse("front-document", args=[kept.pk]))
    assert answer.content == large
    assert answer["Content-Type"] == PDF and answer["Content-Disposition"].startswith("attachment")
    assert "Haddad" not in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Cache-Control"] == "no-store"
    stranger = desk_of("Housing").browser()
    assert stranger.get(reverse("front-document", args=[kept.pk])).status_code == 404


@pytest.mark.django_db
def test_an_upload_without_the_word_that_it_identifies_nobody_is_not_kept() -> None:
    desk = desk_of("Shelter")
    case = desk.open_case(desk.write_down())
    file = SimpleUploadedFile("letter.pdf", pdf(), "application/pdf")
    desk.browser().post(
        reverse("front-document-add", args=[case.pk]), {"kind": "letter", "key": str(uuid4()), "file": file}
    )
    with visiting(desk.actor):
        assert not Document.objects.exists()
