"""A factory's place in Resource Manager, and the command that grants the bot its role there."""

from adf.records import Factory


def scope_of(factory: Factory) -> str:
    """The factory as Resource Manager addresses it."""
    return (
        f"/subscriptions/{factory.subscription}/resourceGroups/{factory.resource_group}"
        f"/providers/Microsoft.DataFactory/factories/{factory.name}"
    )


def grant_command(factory: Factory, object_id: str | None, *, is_person: bool = False) -> str:
    """The command that makes the role where it lacks something, and grants it on this factory."""
    kind = "User" if is_person else "ServicePrincipal"
    return (
        f"az deployment group create --subscription {factory.subscription} "
        f"-g {factory.resource_group} -f deploy/factory.bicep -p factoryName={factory.name} "
        f"principalId={object_id or 'OBJECT_ID_OF_THE_BOT'} principalType={kind}"
    )
