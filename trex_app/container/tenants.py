"""The parts that know the sites of others on which journeys are shown."""

from trex_app.container.foundation import Foundation
from trex_app.services.programs import Programs
from trex_app.services.tenant_directory import TenantDirectory
from trex_app.services.tenants import Tenants
from trex_app.services.tickets import Tickets


class TenantParts:
    """Tenants, and the tickets that let their pages in."""

    def __init__(self, base: Foundation, programs: Programs) -> None:
        self.tenants = Tenants(base.database, base.clock, programs.ids)
        self.directory = TenantDirectory(base.database)
        self.tickets = Tickets(base.database, self.directory, base.clock, base.settings.origins)
