"""What Entra's own codes mean for a sign-in, and the command that mends each."""

from collections.abc import Mapping

_RESET = (
    "az ad app credential reset --id APP_ID --append --query password -o tsv, and set the new "
    "value (the secret itself, not the secret's id)"
)
_MENDS: Mapping[str, str] = {
    "AADSTS7000215": _RESET,
    "AADSTS7000222": _RESET,
    "AADSTS700016": "the application is not in that tenant: az ad app show --id APP_ID, and "
    "az account show --query tenantId, show the right pair",
    "AADSTS90002": "there is no such tenant: az account show --query tenantId -o tsv",
    "AADSTS900023": "there is no such tenant: az account show --query tenantId -o tsv",
    "AADSTS7000112": "the application is disabled: an application administrator enables it",
    "AADSTS700027": "the certificate does not fit the application: upload its public part",
    "AADSTS53003": "Conditional Access refuses it: allow the workload identity",
}
_ANY = (
    "in Azure give the container a user-assigned identity and set AZURE_CLIENT_ID to its client "
    "id (in the environment, .env is not read for it); on your own machine: az login"
)


def mend_sign_in(code: str | None) -> str:
    """How to mend a sign-in to Azure that failed with a code, or with none."""
    return _MENDS.get(code or "", _ANY)


def mend_bot_secret(said: str, app_id: str) -> str:
    """How to mend the bot's own sign-in; `said` holds Entra's code where there is one."""
    code = next((one for one in _MENDS if one in said.split()), None)
    found = _MENDS[code] if code else "check MicrosoftAppId, MicrosoftAppTenantId and the secret"
    return found.replace("APP_ID", app_id)
