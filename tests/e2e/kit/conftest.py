"""The gallery, built once and opened anew for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.kit.gallery_app import build_gallery, opened, served


@pytest.fixture(scope="session")
def static_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="session")
def gallery_url(static_dir: Path) -> Iterator[str]:
    with served(static_dir) as address:
        yield f"{address}/studio/gallery"


@pytest.fixture
def gallery(page: Page, gallery_url: str) -> Page:
    """The gallery, drawn and brought to life."""
    return opened(page, gallery_url)
