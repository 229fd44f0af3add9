import uuid

import schemathesis

IDEMPOTENCY_KEY = "idempotency-key"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request its own idempotency key: with the key of another one it would be rejected, or
    would replay the outcome of that one, whose row may have been deleted."""
    if IDEMPOTENCY_KEY in (case.headers or {}) and case.meta.generation.mode.is_positive:
        case.headers[IDEMPOTENCY_KEY] = str(uuid.uuid4())
