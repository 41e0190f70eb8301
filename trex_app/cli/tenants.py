"""`tenants`: the sites that may show journeys in their own pages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_record, print_table

if TYPE_CHECKING:
    from trex_app.services.tenants import Tenant

tenants = typer.Typer(
    help="Say which sites may show journeys in their own pages.", no_args_is_help=True
)

TenantId = Annotated[str, typer.Argument(metavar="ID", help="Such as acme-motors.")]
Origins = Annotated[
    list[str], typer.Option("--origin", metavar="URL", help="Where its pages are; repeatable.")
]
BundleOrigins = Annotated[
    list[str],
    typer.Option(
        "--bundle-origin", metavar="URL", help="Where it holds the exported bundle; repeatable."
    ),
]
Name = Annotated[str | None, typer.Option(help="What people know it by.")]
Workflow = Annotated[str | None, typer.Option(help="The journey shown where a page names none.")]
Workflows = Annotated[
    list[str], typer.Option("--allow", metavar="WORKFLOW", help="Only these; repeatable.")
]
Theme = Annotated[
    list[str], typer.Option(metavar="TOKEN=VALUE", help="Such as accent=#0b6b53; repeatable.")
]
Dealers = Annotated[
    list[str], typer.Option("--dealer", metavar="ID", help="Who gets its leads; repeatable.")
]
SharesAnswers = Annotated[
    bool | None,
    typer.Option(
        "--share-answers/--keep-answers",
        help="Whether its page is told, at the end of a journey, what was answered.",
    ),
]
MayBeFramed = Annotated[
    bool | None, typer.Option("--framed/--unframed", help="Whether its pages may show journeys.")
]
Without = Annotated[
    list[str],
    typer.Option(
        metavar="VALUE",
        help="Take away an origin, a journey, a dealer or a token of the theme; repeatable.",
    ),
]
COLUMNS = ("tenant_id", "name", "origins", "default_workflow", "may_be_framed")


@tenants.command()
def add(  # noqa: PLR0913, PLR0917 - one for each option
    tenant_id: TenantId,
    origins: Origins,
    name: Name = None,
    workflow: Workflow = None,
    bundle_origins: BundleOrigins = [],  # noqa: B006 - Typer copies it
    workflows: Workflows = [],  # noqa: B006
    theme: Theme = [],  # noqa: B006
    dealer_ids: Dealers = [],  # noqa: B006
    may_share_answers: SharesAnswers = False,
    may_be_framed: MayBeFramed = True,
    as_json: AsJson = False,
) -> None:
    """Let a site show journeys."""
    from trex_app.services.tenants import Tenant

    tenant = Tenant(
        tenant_id=tenant_id,
        name=name or tenant_id,
        origins=tuple(origins),
        bundle_origins=tuple(bundle_origins),
        default_workflow=workflow or None,
        workflows=tuple(workflows),
        theme=_tokens(theme),
        dealer_ids=tuple(dealer_ids),
        may_share_answers=bool(may_share_answers),
        may_be_framed=may_be_framed is not False,
    )
    _print(with_container(lambda container: container.tenants.add(tenant)), as_json=as_json)


@tenants.command("list")
def list_tenants(as_json: AsJson = False) -> None:
    """List the tenants."""
    found = with_container(lambda container: container.tenants.list_tenants())
    rows = [tenant.as_json() for tenant in found]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, COLUMNS)
        typer.echo(counted(len(rows), "tenant"))
    else:
        typer.echo("There are no tenants: no site may show journeys in its own pages.")


@tenants.command()
def show(tenant_id: TenantId, as_json: AsJson = False) -> None:
    """Show one tenant."""
    found = with_container(lambda container: container.tenants.show(tenant_id))
    _print(found, as_json=as_json)


@tenants.command("set")
def change(  # noqa: PLR0913, PLR0917 - one for each option
    tenant_id: TenantId,
    origins: Origins = [],  # noqa: B006
    name: Name = None,
    workflow: Workflow = None,
    bundle_origins: BundleOrigins = [],  # noqa: B006
    workflows: Workflows = [],  # noqa: B006
    theme: Theme = [],  # noqa: B006
    dealer_ids: Dealers = [],  # noqa: B006
    may_share_answers: SharesAnswers = None,
    may_be_framed: MayBeFramed = None,
    without: Without = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Change a tenant. What can be given several times is added to what there is."""
    more = {
        "origins": origins,
        "bundle_origins": bundle_origins,
        "workflows": workflows,
        "dealer_ids": dealer_ids,
    }
    others = {
        "name": name,
        "default_workflow": workflow,
        "may_share_answers": may_share_answers,
        "may_be_framed": may_be_framed,
    }
    edit = _edit(more, _tokens(theme), others, frozenset(without))
    changed = with_container(lambda container: container.tenants.change(tenant_id, edit))
    _print(changed, as_json=as_json)


@tenants.command()
def remove(tenant_id: TenantId) -> None:
    """Take a tenant away: its pages show journeys no longer. Its leads stay."""
    with_container(lambda container: container.tenants.remove(tenant_id))
    typer.echo(f"Removed {tenant_id}.")


def _edit(
    more: Mapping[str, list[str]],
    theme: Mapping[str, str],
    others: Mapping[str, Any],
    without: frozenset[str],
) -> "Callable[[Tenant], Tenant]":
    """What makes the changed tenant of the one there is."""

    def edit(tenant: "Tenant") -> "Tenant":
        lists = {
            name: tuple(v for v in (*getattr(tenant, name), *added) if v not in without)
            for name, added in more.items()
        }
        tokens = {n: v for n, v in {**tenant.theme, **theme}.items() if n not in without}
        given = {name: value for name, value in others.items() if value is not None}
        if given.get("default_workflow") == "":
            given["default_workflow"] = None
        return replace(tenant, **lists, theme=tokens, **given)

    return edit


def _tokens(given: Iterable[str]) -> dict[str, str]:
    """The tokens of a theme as they were typed."""
    tokens: dict[str, str] = {}
    for token in given:
        name, separator, value = token.partition("=")
        if not separator:
            fail(f"--theme {token}: write it as TOKEN=VALUE, such as accent=#0b6b53.")
        tokens[name.strip().removeprefix("--trex-")] = value
    return tokens


def _print(tenant: "Tenant", *, as_json: bool) -> None:
    shown = tenant.as_json()
    if as_json:
        print_json(shown)
    else:
        theme = [f"{name}={value}" for name, value in tenant.theme.items()]
        print_record({**shown, "theme": theme})
