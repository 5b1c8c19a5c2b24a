"""The tools that only read, written out so that safety stays explicit."""

READ_ONLY_TOOLS = frozenset(
    {
        "adf_change_log",
        "adf_compare_runs",
        "adf_deadlines",
        "adf_describe_pipeline",
        "adf_error_history",
        "adf_explain_error",
        "adf_health",
        "adf_ir_status",
        "adf_lineage",
        "adf_list_pipelines",
        "adf_owners",
        "adf_pipeline_activity_runs",
        "adf_pipeline_runs",
        "adf_queue_status",
        "adf_run_stats",
        "adf_trigger_status",
        "adf_uses",
        "bot_help",
        "bot_usage",
        "learn_docs_search",
        "ops_handover",
        "ops_list_incidents",
    }
)
