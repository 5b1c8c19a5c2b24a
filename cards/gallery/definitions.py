"""What is published, as the gallery shows it: uses, a pipeline's definition, owners."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    Certainty,
    DescribedStep,
    Owner,
    OwnerReport,
    PipelineDescription,
    PipelineOwners,
    PipelineParameter,
    ResourceKind,
    ResourceUse,
    StartedBy,
    UsedResource,
    UseReport,
)
from cards.gallery.typical import FACTORY, NOW, at

USES = UseReport(
    factory=FACTORY,
    name="ls_sql_dw",
    as_of=NOW,
    found=(
        UsedResource(
            kind=ResourceKind.LINKED_SERVICE,
            name="LS_Sql_DW",
            resources=("dataset DS_Orders", "dataset DS_DimCustomer"),
            uses=(
                ResourceUse(
                    pipeline="CustomerDataETL",
                    activities=("Lookup_Watermark", "Copy_CRM_Customers"),
                    through=("dataset DS_DimCustomer",),
                ),
                ResourceUse(pipeline="ProcessOrders", activities=("Merge_Orders",), through=()),
            ),
        ),
    ),
)
USES_OF_A_TABLE = replace(
    USES,
    name="dw.FactOrders",
    found=(
        UsedResource(
            kind=ResourceKind.TABLE,
            name="dw.factorders",
            uses=(
                ResourceUse(
                    pipeline="ProcessOrders",
                    activities=("Merge_Orders",),
                    certainty=Certainty.LIKELY,
                ),
            ),
        ),
    ),
)
USES_NOTHING = replace(USES, name="ls_sql_dwh", found=(), similar=("LS_Sql_DW", "LS_Sql_Crm"))
DESCRIBED = PipelineDescription(
    factory=FACTORY,
    name="CustomerDataETL",
    as_of=NOW,
    description="Loads customers of the CRM into the warehouse every night.",
    folder="Customers",
    annotations=("team: crm-data", "nightly"),
    owners=(
        Owner(who="priya", source="ADFOPS_FACTORIES"),
        Owner(who="crm-data", source="annotation of the pipeline"),
    ),
    critical=True,
    due="04:00 UTC",
    usual=timedelta(minutes=24),
    concurrency=1,
    parameters=(
        PipelineParameter(name="fullLoad", kind="bool", default="False"),
        PipelineParameter(name="apiKey", kind="securestring"),
    ),
    steps=(
        DescribedStep(name="Lookup_Watermark", words="looks up rows of DS_Watermark"),
        DescribedStep(
            name="For_Each_Table",
            words="for each of @activity('Lookup_Watermark').output.value, 5 at a time",
            after=("Lookup_Watermark",),
        ),
        DescribedStep(
            name="Copy_CRM_Customers",
            words="copies from DS_Crm to DS_DimCustomer",
            depth=1,
        ),
        DescribedStep(
            name="Merge_DimCustomer",
            words="runs stored procedure dw.usp_MergeDimCustomer",
            after=("For_Each_Table",),
        ),
    ),
    started_by=(
        StartedBy(
            trigger="trg_daily_0100",
            schedule="daily at 01:00, UTC",
            started=True,
            starts_next=at(1, day=13),
        ),
    ),
    callers=("PL_Master_Nightly",),
    reads=("crm/customers (ls_crm)",),
    writes=("dw.dimcustomer (ls_sql_dw)",),
)
OWNERS = OwnerReport(
    factory=FACTORY,
    as_of=NOW,
    pipeline="CustomerDataETL",
    pipelines=(PipelineOwners(pipeline="CustomerDataETL", owners=DESCRIBED.owners, critical=True),),
)
OWNERS_NONE = replace(OWNERS, pipelines=(PipelineOwners(pipeline="CustomerDataETL"),))
OWNERS_OF_ALL = replace(
    OWNERS,
    pipeline=None,
    pipelines=(
        PipelineOwners(pipeline="CustomerDataETL", owners=DESCRIBED.owners, critical=True),
        PipelineOwners(
            pipeline="ProcessOrders", owners=(Owner(who="lee", source="ADFOPS_FACTORIES"),)
        ),
    ),
    unowned=3,
)
