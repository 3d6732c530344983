"""Limits and headers that hold for every page."""

import pytest
from django.test import Client

from philoxenia_web.config.requests import LARGEST_REQUEST


@pytest.mark.django_db
def test_what_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post(
        "/account/login/", data=b"x", content_type="text/plain", CONTENT_LENGTH=str(LARGEST_REQUEST + 1)
    )
    assert answer.status_code == 413
    assert answer.headers["Connection"] == "close"


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "-1", "many"])
def test_a_length_that_is_none_does_no_harm(client: Client, length: str) -> None:
    answer = client.get("/account/login/", CONTENT_LENGTH=length)
    assert answer.status_code in (200, 400)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ("Content-Security-Policy", "default-src 'none'"),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "geolocation=()"),
    ],
)
def test_every_page_carries(client: Client, header: str, holds: str) -> None:
    assert holds in client.get("/account/login/").headers[header]


@pytest.mark.django_db
def test_a_page_of_another_host_is_refused(client: Client) -> None:
    assert client.get("/account/login/", HTTP_HOST="evil.example.org").status_code == 400
