"""No script, nothing from elsewhere, and frames only where somebody named them."""

from trex_app.api.plain.policy import content_policy


def test_nothing_runs_and_nobody_frames() -> None:
    assert content_policy() == (
        "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_those_who_may_frame_are_named() -> None:
    policy = content_policy(["https://a.example", "https://b.example"])
    assert policy.endswith("frame-ancestors https://a.example https://b.example")
