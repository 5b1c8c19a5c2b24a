"""Who fails with a pipeline, and what is not started any more, by how pipelines call each other."""

from tests.adf.lineage.published import downstream, graph_of, upstream
from tests.adf.simulator.git_folders import NOTHING, After, Json, calling, pipeline, step

PLAIN = pipeline(step("Copy"))


def waiting(name: str, called: str, after: After = NOTHING) -> Json:
    """A call that is done only when what it starts is."""
    return calling(name, called, after, waitOnCompletion=True)


def test_a_caller_that_waits_fails_with_what_it_calls() -> None:
    graph = graph_of({"Parent": pipeline(waiting("Run", "Child")), "Child": PLAIN})
    assert downstream(graph, "Child") == {"Parent": ("fails", "certain")}
    assert upstream(graph, "Parent") == {"Child"}


def test_a_caller_that_does_not_wait_is_not_concerned_by_its_failure() -> None:
    graph = graph_of({"Parent": pipeline(calling("Run", "Child")), "Child": PLAIN})
    assert downstream(graph, "Child") == {}
    assert downstream(graph, "Parent") == {"Child": ("skipped", "certain")}
    assert graph.callers("Child") == {"Parent"}


def test_a_failure_path_makes_it_no_more_than_possible_that_the_caller_fails() -> None:
    handled = pipeline(waiting("Run", "Child"), step("Mail", "WebActivity", ("Run", "Failed")))
    graph = graph_of({"Parent": handled, "Child": PLAIN})
    assert downstream(graph, "Child") == {"Parent": ("fails", "possible")}


def test_what_comes_after_a_failed_call_is_not_started() -> None:
    parent = pipeline(
        waiting("Run_A", "A"),
        step("Check", "Wait", "Run_A"),
        waiting("Run_B", "B", "Check"),
        waiting("Run_C", "C"),
        waiting("Run_D", "D", ("Run_A", "Completed")),
    )
    graph = graph_of({"Parent": parent, "A": PLAIN, "B": PLAIN, "C": PLAIN, "D": PLAIN})
    found = downstream(graph, "A")
    assert found == {"Parent": ("fails", "possible"), "B": ("skipped", "certain")}
    assert "A" in upstream(graph, "B")
    assert "A" not in upstream(graph, "C") | upstream(graph, "D")


def test_calls_inside_containers_count_like_others() -> None:
    loop = step("Each", "ForEach", activities=[waiting("Run", "Child")])
    choice = step(
        "Which",
        "Switch",
        "Each",
        cases=[{"value": "x", "activities": [waiting("Next", "Other")]}],
        defaultActivities=[step("Wait", "Wait")],
    )
    graph = graph_of({"Parent": pipeline(loop, choice), "Child": PLAIN, "Other": PLAIN})
    assert downstream(graph, "Child") == {
        "Parent": ("fails", "certain"),
        "Other": ("skipped", "certain"),
    }


def test_an_effect_climbs_through_every_caller_and_down_to_what_they_no_longer_start() -> None:
    graph = graph_of(
        {
            "Top": pipeline(waiting("Run_Mid", "Mid"), waiting("Run_Late", "Late", "Run_Mid")),
            "Mid": pipeline(waiting("Run", "Leaf")),
            "Leaf": PLAIN,
            "Late": pipeline(calling("Start", "Last")),
            "Last": PLAIN,
        }
    )
    found = downstream(graph, "leaf")
    assert found == {
        "Mid": ("fails", "certain"),
        "Top": ("fails", "certain"),
        "Late": ("skipped", "certain"),
        "Last": ("skipped", "certain"),
    }


def test_a_pipeline_that_was_not_started_fails_nobody_else_who_calls_it() -> None:
    graph = graph_of(
        {
            "Top": pipeline(waiting("Run_A", "A"), waiting("Run_B", "B", "Run_A")),
            "Elsewhere": pipeline(waiting("Run_B", "B")),
            "A": PLAIN,
            "B": PLAIN,
        }
    )
    assert set(downstream(graph, "A")) == {"Top", "B"}


def test_a_call_that_is_chosen_at_run_time_is_no_edge() -> None:
    chosen = {"value": "@pipeline().parameters.name", "type": "Expression"}
    graph = graph_of({"Parent": pipeline(calling("Run", chosen)), "Child": PLAIN})
    assert graph.calls == frozenset()


def test_a_ring_of_calls_ends() -> None:
    graph = graph_of({"A": pipeline(waiting("Run", "B")), "B": pipeline(waiting("Run", "A"))})
    assert set(downstream(graph, "A")) == {"B"}
    assert (graph.depth("A"), graph.callers("A")) == (2, {"B"})


def test_what_is_nested_beyond_reason_ends() -> None:
    inner = waiting("Run", "Child")
    for _ in range(300):
        inner = step("Each", "ForEach", activities=[inner])
    assert graph_of({"Parent": pipeline(inner), "Child": PLAIN}).calls == frozenset()
