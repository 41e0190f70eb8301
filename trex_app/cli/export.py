"""`export`: the pages in frames as a folder that any web server or CDN can hold."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from trex_app.cli.faults import fail
from trex_app.core.errors import ValidationFailed
from trex_app.core.origins import is_loopback, origin_from

BackendUrl = Annotated[
    str,
    typer.Option(metavar="URL", help="Where people's browsers reach the backend."),
]
Out = Annotated[Path, typer.Option(help="The folder to write; a former export is replaced.")]
FramedBy = Annotated[
    list[str],
    typer.Option(
        metavar="URL", help="A site that may show the pages, for their policy; repeatable."
    ),
]

ANY_SITE: Final = (
    "Warning: any site may show these pages in a frame. Export again with --framed-by URL, "
    "once for each site that may."
)


def export(backend_url: BackendUrl, out: Out, framed_by: FramedBy = []) -> None:  # noqa: B006
    """Write the pages that stand in frames, and their loader, for another web server to hold."""
    backend = _origin("--backend-url", backend_url.removesuffix("/"))
    sites = [_origin("--framed-by", site) for site in framed_by]
    if not backend.startswith("https://") and not is_loopback(backend.partition("://")[2]):
        fail(
            f"--backend-url {backend} is not https. Browsers refuse cookies of frames, and "
            "connections from https pages, without it; only localhost can do without."
        )
    from trex_app.embed.export import Build, check_folder
    from trex_app.embed.export import export as write_bundle
    from trex_app.ui.build import WEB_DIR, ensure_build, offer_runtime

    check_folder(out)
    build = Build(ensure_build(), WEB_DIR)
    offer_runtime()
    written = write_bundle(build, out, backend, lambda root: _policy(root, backend, sites))
    typer.echo(f"{out} holds {written.files} files ({written.size_bytes / 1e6:.1f} MB).")
    typer.echo(f"The loader's integrity is {written.integrity}")
    if not sites:
        typer.echo(ANY_SITE, err=True)


def _origin(option: str, given: str) -> str:
    try:
        return origin_from(given)
    except ValidationFailed as error:
        fail(f"{option}: {error.errors[0].message}", error)


def _policy(root: Path, backend: str, sites: Sequence[str]) -> str:
    """The content policy of the pages in `root`, with the hashes of what is inline in them."""
    from trex_app.api.security_headers import (
        content_security_policy,
        framed_by,
        inline_script_hashes,
    )

    servers = (backend, backend.replace("http", "ws", 1))
    policy = content_security_policy(inline_script_hashes(root), servers)
    return framed_by(policy, sites or ["*"])
