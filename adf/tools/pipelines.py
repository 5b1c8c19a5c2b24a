"""What pipelines there are."""

from typing import Annotated

from adf.records import PipelineList
from adf.tool import tool
from adf.tools.scope import Adf


@tool(progress="Reading the list of pipelines", reads=True)
async def adf_list_pipelines(
    adf: Adf,
    match: Annotated[str | None, "part of a name, case does not matter"] = None,
    critical: Annotated[bool | None, "only those declared critical, or only the others"] = None,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> PipelineList:
    """List the pipelines of a factory, all of them or those that fit.

    Use when asked which there are.
    """
    client = await adf.factories.client(factory)
    found = await client.list_pipelines()
    wanted = (match or "").lower()
    return PipelineList(
        factory=client.factory.alias,
        pipelines=tuple(
            one
            for one in found
            if wanted in one.name.lower() and critical in {None, one.notes.critical}
        ),
        as_of=adf.clock(),
        match=match,
    )
