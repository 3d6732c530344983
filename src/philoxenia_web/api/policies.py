"""Who may do what with the interface itself."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.roles import Role

MANAGE_TOKENS = Permission("api.manage_tokens", _("make tokens for programs"), frozenset(Role))

# Every token carries these: to be known at all is not a power.
ALWAYS = frozenset({"signed_in", "public"})
