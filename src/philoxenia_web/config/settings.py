"""Django's settings. What differs between installations comes from `environment`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from philoxenia_web.config.database import database_settings
from philoxenia_web.config.email import email_settings
from philoxenia_web.config.environment import environment
from philoxenia_web.config.logs import logging_settings
from philoxenia_web.config.signing_in import *  # noqa: F403 (everything about signing in)

ENVIRONMENT = environment()
WEB = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
SECURE = ENVIRONMENT.url.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.url]
SMS_SECRET = ENVIRONMENT.sms_secret
SMS_ADAPTER = ENVIRONMENT.sms_adapter

INSTALLED_APPS = [
    "philoxenia_web.ui",
    "philoxenia_web.accounts",
    "philoxenia_web.registry",
    "philoxenia_web.datasets",
    "philoxenia_web.directory",
    "philoxenia_web.linkage",
    "philoxenia_web.cards",
    "philoxenia_web.casework",
    "philoxenia_web.needs",
    "philoxenia_web.studies",
    "philoxenia_web.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "philoxenia_web.config.health.HealthMiddleware",
    "philoxenia_web.config.requests.RequestMiddleware",
    "philoxenia_web.api.serving.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "philoxenia_web.ui.packing.PackedPages",
    "csp.middleware.CSPMiddleware",
    "philoxenia_web.accounts.headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "philoxenia_web.ui.errors.EmptyAnswers",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "philoxenia_web.accounts.gate.SessionLimits",
    "philoxenia_web.accounts.gate.AccessMiddleware",
    "philoxenia_web.casework.city_time.CityTime",
]

ROOT_URLCONF = "philoxenia_web.config.urls"
FORM_RENDERER = "philoxenia_web.ui.widgets.Renderer"
WSGI_APPLICATION = "philoxenia_web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "philoxenia_web.ui.context.shell",
                "philoxenia_web.accounts.context.signing_in",
            ],
        },
    }
]

DATABASES = {"default": database_settings(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("el", _("Greek")),
    ("uk", _("Ukrainian")),
]
LOCALE_PATHS = [WEB / "ui" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.var / "static"
STATICFILES_FINDERS = [
    "philoxenia_web.ui.made.MadeFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
CSRF_FAILURE_VIEW = "philoxenia_web.ui.errors.csrf_failure"
# Under `serve` static files carry a hash of their content in the name and lie there compressed.
_HASHED = "philoxenia_web.ui.storage.Storage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _HASHED if ENVIRONMENT.supervised else _PLAIN},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not ENVIRONMENT.supervised

# What one request may bring; views that take files say so with `largest_request` (see requests.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
# No view that forgets to say where its files go leaves one on the disk in the clear.
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_TEMP_DIR = str(ENVIRONMENT.var / "tmp") if ENVIRONMENT.supervised else None
FILE_UPLOAD_PERMISSIONS = 0o600

SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logging_settings(ENVIRONMENT.debug)
vars().update(email_settings(ENVIRONMENT))
