"""Generated requests, right and wrong, get only the answers that the OpenAPI document lists."""

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.live_server import running_api
from trex_app.api.application import ROUTERS
from trex_app.api.documentation import openapi_of

# Schemathesis draws from `random` inside its own strategies.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=SLOW)


def described() -> FastAPI:
    """The API's addresses without an installation behind them, which collecting tests needs not."""
    api = FastAPI(title="T-Rex", version="1")
    for router in ROUTERS:
        api.include_router(router)
    return api


contract = schemathesis.openapi.from_dict(openapi_of(described()))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_api(tmp_path_factory.mktemp("installation")) as address:
        yield address


@pytest.fixture(scope="module")
def step(address: str) -> dict[str, str]:
    """A session that generated requests may be about."""
    return httpx.post(f"{address}/api/workflow/start", json={}).json()


@contract.parametrize()
@EXAMPLES
def test_requests_of_anyone_get_documented_answers(case: schemathesis.Case, address: str) -> None:
    case.call_and_validate(address, checks=[*CHECKS, negative_data_rejection, unsupported_method])


@contract.parametrize()
@EXAMPLES
def test_requests_about_ones_own_session_get_documented_answers(
    case: schemathesis.Case, address: str, step: dict[str, str]
) -> None:
    if "sessionId" in case.path_parameters:
        case.path_parameters["sessionId"] = step["sessionId"]
    if isinstance(case.body, dict) and isinstance(case.body.get("sessionId"), str):
        case.body["sessionId"] = step["sessionId"]
    case.call_and_validate(
        address, checks=CHECKS, headers={"Authorization": f"Bearer {step['sessionToken']}"}
    )
