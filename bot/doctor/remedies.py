"""What fixes a sign-in that failed, by Entra's code, and a permission that is missing."""

from collections.abc import Mapping

from adf.records import Factory

_RESET = (
    "az ad app credential reset --id APP_ID --append --query password -o tsv, and set the new "
    "value (the secret itself, not the secret's id)"
)
_TRUST = (
    "the application does not trust that identity: az ad app federated-credential list --id APP_ID "
    "shows issuer, subject and audience that it trusts (deploy/README.md, step 3)"
)
_FIX_OF: Mapping[str, str] = {
    "AADSTS7000215": _RESET,
    "AADSTS7000222": _RESET,
    "AADSTS700016": "the application is not in that tenant: az ad app show --id APP_ID, and "
    "az account show --query tenantId, show the right pair",
    "AADSTS90002": "there is no such tenant: az account show --query tenantId -o tsv",
    "AADSTS900023": "there is no such tenant: az account show --query tenantId -o tsv",
    "AADSTS7000112": "the application is disabled: an application administrator enables it",
    "AADSTS700027": "the certificate does not fit the application: upload its public part, "
    "az ad app credential reset --id APP_ID --append --cert @certificate.pem",
    "AADSTS70021": _TRUST,
    "AADSTS700211": _TRUST,
    "AADSTS700212": _TRUST,
    "AADSTS700213": _TRUST,
    "AADSTS700024": "the federated token has ended: the platform must renew its file, and this "
    "machine's clock must be right",
    "AADSTS53003": "Conditional Access refuses it: allow the workload identity",
}
_ANY = (
    "in Azure give the container a user-assigned identity and set AZURE_CLIENT_ID to its client "
    "id (in the environment, .env is not read for it); on your own machine: az login"
)


def fix_for_sign_in(code: str | None) -> str:
    """How to fix a sign-in to Azure that failed with a code, or with none."""
    return _FIX_OF.get(code or "", _ANY)


def fix_for_bot_sign_in(said: str, app_id: str, beside: str) -> str:
    """How to fix the bot's own sign-in; `said` holds Entra's code where there is one.

    `beside` is what it signs in with besides its id.
    """
    code = next((one for one in _FIX_OF if one in said.split()), None)
    beside = beside.replace("its", "the")
    found = _FIX_OF[code] if code else f"check MicrosoftAppId, MicrosoftAppTenantId and {beside}"
    return found.replace("APP_ID", app_id)


def scope_of(factory: Factory) -> str:
    """The factory as Resource Manager addresses it."""
    return (
        f"/subscriptions/{factory.subscription}/resourceGroups/{factory.resource_group}"
        f"/providers/Microsoft.DataFactory/factories/{factory.name}"
    )


def grant_command(
    factory: Factory, object_id: str | None, *, is_person: bool = False, role: str = "reader"
) -> str:
    """The command that makes the role where it lacks something, and grants it on this factory."""
    kind = "User" if is_person else "ServicePrincipal"
    return (
        f"az deployment group create --subscription {factory.subscription} "
        f"-g {factory.resource_group} -f deploy/factory.bicep -p factoryName={factory.name} "
        f"principalId={object_id or 'OBJECT_ID_OF_THE_BOT'} principalType={kind}"
        f"{'' if role == 'reader' else f' role={role}'}"
    )
