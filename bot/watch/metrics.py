"""What is counted of a running process, as Prometheus reads it at /metrics.

Names of doors, kinds, codes and reasons only: nothing here says who, where or what.
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

#: Of our own, so that nothing else of this process is told by accident.
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

#: Jobs that were accepted: by door, and by kind ('heard', 'pressed').
EVENTS = Counter(
    "mikiwame_events", "Events that were accepted", ("door", "kind"), registry=REGISTRY
)
#: Seconds from accepting an event to having answered it.
ANSWER_SECONDS = Histogram(
    "mikiwame_answer_seconds",
    "Time from accepting an event to its answer",
    ("door",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
    registry=REGISTRY,
)
#: Answers by level, and what was found in them by code.
ANSWERS = Counter(
    "mikiwame_answers", "Answers that were sent", ("door", "level"), registry=REGISTRY
)
FINDINGS = Counter("mikiwame_findings", "Risks in answers", ("code", "level"), registry=REGISTRY)
#: What could not be answered, by reason.
FAILURES = Counter(
    "mikiwame_failures", "Events that could not be answered", ("door", "reason"), registry=REGISTRY
)
#: What was left out because a person or a workspace asked for too much.
LIMITED = Counter(
    "mikiwame_limited", "Events that were left out as too many", ("door",), registry=REGISTRY
)
#: What all processes together have not answered yet, and how long the oldest waits.
QUEUE = Gauge("mikiwame_queue_length", "Events that wait for their answer", registry=REGISTRY)
OLDEST = Gauge(
    "mikiwame_oldest_open_seconds", "Age of the oldest event without an answer", registry=REGISTRY
)
#: Whether each door is connected to its platform.
CONNECTED = Gauge(
    "mikiwame_door_connected", "1 where a door is connected", ("door",), registry=REGISTRY
)
#: Jobs that this process is at.
RUNNING = Gauge("mikiwame_jobs_running", "Events that this process works on", registry=REGISTRY)


def exposed() -> tuple[bytes, str]:
    """All figures, and the content type of their format."""
    return generate_latest(REGISTRY), "text/plain; version=0.0.4; charset=utf-8"
