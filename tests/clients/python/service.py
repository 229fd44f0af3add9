"""The URL of the service and the token for it."""

import os

URL = os.environ["CRM_STEPS_URL"]
HEADERS = {"Authorization": f"Bearer {os.environ['CRM_STEPS_TOKEN']}"}

# Beyond the Basic Multilingual Plane, so that JSON escapes it as surrogate pairs.
EMOJI = "Qualified 😀 👩‍👩‍👧"
