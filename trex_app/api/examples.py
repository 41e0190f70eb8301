"""What the documentation shows: one session, its first step and what may go wrong with it."""

from typing import Any

SESSION_ID = "4f3c2a10-8d57-4a3e-9c61-0e5b7f1d2a34"
SESSION_TOKEN = f"{SESSION_ID}.qk3mO1u0b8x5Jv2cZ7yRrWn4T6dLhPaE9sGfXiUoYtQ"
RESUME_LINK_CODE = "xJ0m2Zk8Qb4T7vYc1NdR5uWg9LsEo3HfApKiXtUzMyB"
CORRELATION_ID = "9f2c41d7a0b35e68"

STEP: dict[str, Any] = {
    "sessionId": SESSION_ID,
    "workflowType": "entry",
    "status": "active",
    "stepId": "intent_selection",
    "componentName": "IntentSelection",
    "data": {},
    "validationRules": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "intent": {
                "title": "What would you like to do?",
                "type": "string",
                "enum": ["buying", "selling"],
            }
        },
        "required": ["intent"],
        "additionalProperties": False,
    },
    "navigationOptions": {
        "canGoBack": False,
        "nextStepId": None,
        "path": [{"stepId": "intent_selection", "title": "What would you like to do?"}],
    },
    "uiConfig": {
        "title": "What would you like to do?",
        "intro": "It takes about five minutes, and you can come back at any time.",
        "links": [],
        "fields": [
            {
                "name": "intent",
                "schema": {"type": "string", "enum": ["buying", "selling"]},
                "title": "I would like to",
                "help": "",
                "placeholder": "",
                "widget": "cards",
                "isRequired": True,
                "isConditional": False,
                "isList": False,
                "pii": "none",
                "options": [
                    {"value": "buying", "title": "Buy a vehicle", "details": {}},
                    {"value": "selling", "title": "Sell my vehicle", "details": {}},
                ],
            }
        ],
    },
    "revision": 1,
    "progress": {"done": 0, "expected": 7},
    "answers": {},
    "messages": [],
}

STARTED_STEP: dict[str, Any] = {**STEP, "sessionToken": SESSION_TOKEN}

TRANSITION: dict[str, Any] = {
    "sessionId": SESSION_ID,
    "currentStep": "intent_selection",
    "data": {"intent": "buying"},
    "revision": 1,
}
BACK: dict[str, Any] = {"sessionId": SESSION_ID, "currentStep": "vehicle_search", "revision": 3}
GOTO: dict[str, Any] = {"sessionId": SESSION_ID, "step": "vehicle_search", "revision": 5}
LOOKUP: dict[str, Any] = {
    "sessionId": SESSION_ID,
    "currentStep": "vehicle_search",
    "name": "vehicles.count",
    "input": {"price_max": 20000},
}
DEFINITION: dict[str, Any] = {
    "id": "callback",
    "title": "Call me back",
    "description": "",
    "hash": "5b0d3f",
    "start": "phone",
    "steps": [
        {
            "id": "phone",
            "kind": "screen",
            "title": "Where can we reach you?",
            "component": "Form",
            "fields": ["phone"],
            "links": [],
            "next": [{"to": "thanks", "when": None}],
        },
        {
            "id": "thanks",
            "kind": "end",
            "title": "We will call you",
            "component": "",
            "outcome": "requested",
            "next": [],
        },
    ],
}
HISTORY: dict[str, Any] = {
    "sessionId": SESSION_ID,
    "entries": [
        {
            "kind": "started",
            "at": "2030-05-31T09:30:00+00:00",
            "revision": 1,
            "stepId": "intent_selection",
            "toStepId": "intent_selection",
            "data": {},
        }
    ],
}
RESUME_LINK: dict[str, Any] = {
    "token": RESUME_LINK_CODE,
    "url": f"https://journeys.example/resume/{RESUME_LINK_CODE}",
    "expiresAt": "2030-06-07T09:30:00+00:00",
    "revision": 4,
}
LEAD_STATUS: dict[str, Any] = {
    "reference": "TRX-7K3M-9QWX",
    "status": "delivered",
    "headline": "Your request has been passed on",
    "meaning": "Those named below have it, and get in touch the way you chose.",
    "updatedAt": "2030-05-31T09:31:00+00:00",
    "timeline": [
        {
            "name": "received",
            "title": "Your request has arrived",
            "state": "done",
            "at": "2030-05-31T09:30:00+00:00",
        },
        {
            "name": "dealer",
            "title": "Passed on to Lakeshore Motors",
            "state": "done",
            "at": "2030-05-31T09:31:00+00:00",
        },
    ],
}

TICKET_REQUEST: dict[str, Any] = {"tenant": "acme", "workflow": "selling", "sessionKey": "main"}
TICKET: dict[str, Any] = {
    "ticket": "Yk3vR8mZ0dQh5tXw7LsBnC2uJfEaPgOi4rKyTqM1zVU",
    "expiresAt": "2026-03-01T12:01:00Z",
    "workflow": "selling",
    "theme": {"accent": "#0b6b53"},
    "locales": ["en", "de"],
    "release": "0.1.0",
}
VISITOR: dict[str, Any] = {"visitor": None}
