"""The one door to partners: policies in, answers out, and nobody else speaks HTTP to them."""

from trex_app.integrations.gateway.circuit import PartnerHealth, State
from trex_app.integrations.gateway.clock import GatewayClock, SystemClock
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.gateway import Gateway
from trex_app.integrations.gateway.message import Answer, Reply
from trex_app.integrations.gateway.policy import PartnerPolicy, policies

__all__ = [
    "Answer",
    "Gateway",
    "GatewayClock",
    "PartnerFault",
    "PartnerHealth",
    "PartnerPolicy",
    "Reply",
    "State",
    "SystemClock",
    "policies",
]
