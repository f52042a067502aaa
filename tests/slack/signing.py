"""Slack's signature of a request."""

from __future__ import annotations

import hashlib
import hmac
import time

from tests.slack.workspace import SIGNING_SECRET


def signed(body: str, at: float | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Slack's two headers for a request."""
    stamp = str(int(time.time() if at is None else at))
    base = f"v0:{stamp}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
