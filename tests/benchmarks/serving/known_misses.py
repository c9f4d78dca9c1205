"""Figures that are known to miss what is required of them, by section and by the name of the check."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class KnownMiss:
    worst: float  # beyond this it is another miss than the one that is known
    reason: str
    remedy: str  # for an operator whom it hurts


_SHARED_PROCESSORS = "The flood and its refusals use the processors that the others' calls need; see the same at another server."

KNOWN_MISSES = {
    "filters": {
        "100,000 excluded ids: times none's time a call": KnownMiss(
            worst=50,
            reason="A call without a filter takes 0.1 ms; to receive 100,000 ids and look them up takes 3.",
            remedy="tags on the items and a filter by tag, or recorded interactions, which the server leaves out by itself.",
        ),
    },
    "swaps": {
        "p99 while disturbed, times steady": KnownMiss(
            worst=7,
            reason="Half of the peak rate leaves the processors little, and a training takes that; p99 in peace varies too.",
            remedy="trainings in hours of little load, or a processor more than the load needs.",
        ),
    },
    "overload": {
        "goodput over the peak's": KnownMiss(
            worst=0.75,
            reason="Of two processors four refusals for each answer take 4.4% in gRPC, and to send those calls 3.5%.",
            remedy="a client that waits before it calls again, as refusals tell it to.",
        ),
    },
    "neighbours": {
        "others' p99 over that alone: 10 x calls a second": KnownMiss(
            worst=1.5,
            reason=_SHARED_PROCESSORS,
            remedy="a client that waits for its answers, whose refusals are delayed, or a proxy that limits connections.",
        ),
        "others' p99 over that alone: 10 x calls in flight": KnownMiss(
            worst=40,
            reason=_SHARED_PROCESSORS,
            remedy="calls_per_second beside calls_in_flight, and a proxy in front that limits what reaches the server.",
        ),
        "others' p99 over that alone: imports without a pause": KnownMiss(
            worst=3,
            reason=_SHARED_PROCESSORS,
            remedy="a lower import_bytes_per_second, or imports in hours of little load.",
        ),
    },
}
