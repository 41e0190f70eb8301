"""The parts that people walk through: definitions, what these may ask for, and the walk itself."""

from pathlib import Path

from trex_app.container.credit import CreditParts
from trex_app.container.foundation import Foundation
from trex_app.container.leads import LeadParts
from trex_app.core.settings import Settings
from trex_app.engine.loader import SHIPPED_FOLDER, DefinitionFiles
from trex_app.sagas import credit_checks
from trex_app.services import leads as lead_submits
from trex_app.services.capabilities import EffectCapability
from trex_app.services.journeys import Journeys
from trex_app.services.programs import Programs
from trex_app.services.shipped_capabilities import shipped_capabilities


class JourneyParts:
    """Journeys, over the programs made from definition files and the capabilities they name."""

    def __init__(self, base: Foundation, credit: CreditParts, leads: LeadParts) -> None:
        self.capabilities = shipped_capabilities(
            base.database,
            base.partners.lookups,
            effects={
                lead_submits.EFFECT: EffectCapability(leads.leads.begin, leads.leads.record),
                credit_checks.EFFECT: EffectCapability(credit.checks.begin, credit.checks.record),
            },
        )
        self.files = DefinitionFiles(definition_folders(base.settings), self.capabilities.names())
        self.programs = Programs(
            base.database, self.files, base.clock, follows_files=base.settings.is_development
        )
        self.journeys = Journeys(
            base.database, base.store, base.sessions, self.programs, self.capabilities, base.clock
        )


def definition_folders(settings: Settings) -> tuple[Path, ...]:
    """The shipped journeys, then one's own."""
    own = settings.workflows_dir
    return (SHIPPED_FOLDER, own) if own is not None else (SHIPPED_FOLDER,)
