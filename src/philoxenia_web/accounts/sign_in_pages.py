"""Which of allauth's pages exist here, and for whom. A page that is not in this table is refused."""

from philoxenia_web.accounts.access import PUBLIC, SIGNED_IN, Permission

PAGES: dict[str, Permission] = {
    # Signing in and getting back in.
    "account_login": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_confirm_email": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    # The second step of signing in; allauth sends anybody away who did not take the first.
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    # The city's own identity provider.
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    # One's own account.
    "account_logout": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "socialaccount_connections": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    # Not here, so refused: account_signup, socialaccount_signup (people come by invitation),
    # account_confirm_login_code (no codes by e-mail).
}

# What somebody without the second factor they need may open, to set it up or leave.
WHILE_SETTING_UP = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "language",
        "appearance",
    }
)
