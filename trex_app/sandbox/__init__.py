"""The sandbox: outside partners over real HTTP and SMTP, which remember and fail on demand.

Its contract is docs/guide/partners.md. It shares no code with the clients in `integrations`, so
that a wrong client and a wrong server cannot agree by sharing a mistake.
"""

PARTNERS = ("vehicles", "credit", "dealers", "crm", "email", "sms")
"""The partners by their names in the control API."""

HTTP_PORT = 8025
SMTP_PORT = 8026
