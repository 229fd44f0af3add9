import uuid

import schemathesis

IDEMPOTENCY_KEY = "idempotency-key"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each call under a key of its own: under the key of another it would be refused, or answered
    with what that one did, which may be gone by now."""
    if IDEMPOTENCY_KEY in (case.headers or {}) and case.meta.generation.mode.is_positive:
        case.headers[IDEMPOTENCY_KEY] = str(uuid.uuid4())
