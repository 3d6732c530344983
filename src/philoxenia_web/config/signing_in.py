"""Settings of signing in: sessions, passwords, second factors, what a browser may do. Part of `settings`."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from philoxenia_web.config.environment import environment

_ENVIRONMENT = environment()
_SECURE = _ENVIRONMENT.url.startswith("https://")
_PROVIDER = urlsplit(_ENVIRONMENT.oidc_issuer)

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Passwords: long rather than complicated, none that everybody uses (NIST SP 800-63B-4, 3.1.1.2).
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "philoxenia_web.accounts.passwords.MaximumLengthValidator"},
    {"NAME": "philoxenia_web.accounts.passwords.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
PASSWORD_RESET_TIMEOUT = 3 * 60 * 60

# Sessions live in the database, so that they end everywhere at once.
SESSION_COOKIE_NAME = "__Host-session" if _SECURE else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if _SECURE else "csrf"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = _ENVIRONMENT.idle_minutes * 60
SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = _ENVIRONMENT.absolute_hours * 60 * 60

# Attempts are counted in the database: every process sees them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # So many, that nobody pushes the counts out by asking for other things.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _ENVIRONMENT.behind_proxy else 0
ACCOUNT_ADAPTER = "philoxenia_web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Philoxenia: "
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _SECURE else "http"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "philoxenia_web.accounts.sign_in_forms.LoginForm",
    "reset_password": "philoxenia_web.accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "philoxenia_web.accounts.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "philoxenia_web.accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "philoxenia_web.accounts.sign_in_forms.SetPasswordForm",
    "add_email": "philoxenia_web.accounts.sign_in_forms.AddEmailForm",
    "reauthenticate": "philoxenia_web.accounts.sign_in_forms.ReauthenticateForm",
}

MFA_ADAPTER = "philoxenia_web.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone signs in: so it must have asked for a finger, a face or a number.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers allow passkeys without TLS on this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _SECURE
MFA_TOTP_ISSUER = "Philoxenia"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "philoxenia_web.accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "philoxenia_web.accounts.sign_in_forms.ReauthenticateByCodeForm",
    "activate_totp": "philoxenia_web.accounts.sign_in_forms.ActivateTotpForm",
}
SECOND_FACTOR = _ENVIRONMENT.second_factor

SOCIALACCOUNT_ADAPTER = "philoxenia_web.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "city",
                    "name": _ENVIRONMENT.oidc_name,
                    "client_id": _ENVIRONMENT.oidc_client_id,
                    "secret": _ENVIRONMENT.oidc_client_secret,
                    "settings": {"server_url": _ENVIRONMENT.oidc_issuer, "oauth_pkce_enabled": True},
                }
            ]
        }
    }
    if _ENVIRONMENT.oidc_issuer
    else {}
)
OIDC_HAS_SECOND_FACTOR = _ENVIRONMENT.oidc_has_second_factor

# Which roles the people of an organisation may hold.
ROLES_BY_KIND = {
    "department": [
        "planner",
        "data_steward",
        "caseworker",
        "supervisor",
        "auditor",
        "administrator",
        "reviewer",
        "editor",
        "translator",
    ],
    "partner": ["partner"],
}
INVITATION_DAYS = 7

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Signing in at the city's provider begins with a form of ours that leads there.
        "form-action": [SELF, *([f"{_PROVIDER.scheme}://{_PROVIDER.netloc}"] if _PROVIDER.netloc else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _SECURE else 0
