"""Spans: nothing without a collector, ids and names with one, and never an error's own words."""

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from trex_app.core.tracing import configure_tracing, current_trace, joined, span, traced


def test_without_a_collector_nothing_is_traced() -> None:
    assert configure_tracing(None, "web", "1") is False
    with span("nothing"):
        assert current_trace() is None


async def test_spans_nest(exported: InMemorySpanExporter) -> None:
    @traced("outer")
    async def outer() -> None:
        with span("inner", lookup="vehicles.search"):
            assert current_trace() is not None

    await outer()
    inner, outer_span = exported.get_finished_spans()
    assert (inner.name, outer_span.name) == ("inner", "outer")
    assert inner.parent == outer_span.get_span_context()
    assert inner.attributes == {"lookup": "vehicles.search"}


def test_work_that_is_done_elsewhere_joins_the_trace_it_was_asked_for_in(
    exported: InMemorySpanExporter,
) -> None:
    with span("submit"):
        handed_over = current_trace()
    with joined(handed_over), span("job"):
        pass
    with joined(None), span("alone"):
        pass
    submit, job, alone = exported.get_finished_spans()
    asked_for = submit.get_span_context()
    assert asked_for is not None
    assert job.parent is not None
    assert (job.parent.trace_id, job.parent.span_id) == (asked_for.trace_id, asked_for.span_id)
    assert alone.parent is None


def test_an_error_is_noted_by_its_class_and_not_by_its_words(
    exported: InMemorySpanExporter,
) -> None:
    with pytest.raises(ValueError, match="Ada"), span("failing"):
        raise ValueError("Ada Lovelace")
    (failing,) = exported.get_finished_spans()
    assert failing.status.status_code is StatusCode.ERROR
    assert failing.attributes == {"error.type": "ValueError"}
    assert failing.events == ()
    assert not failing.status.description
