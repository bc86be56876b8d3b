"""Signatures: how a receiver sees that a request is from HubSpot (W8.4)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping

#: What the third version takes in its plain form, wherever it is escaped in the URI.
_ESCAPED = re.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def signed(secret: str, method: str, uri: str, body: bytes, moment: int) -> Mapping[str, str]:
    """The headers that sign a request with an app's client secret: version 2 and 3; *moment* is that of the sending."""
    return {
        "X-HubSpot-Signature": second(secret, method, uri, body),
        "X-HubSpot-Signature-Version": "v2",
        "X-HubSpot-Signature-v3": third(secret, method, uri, body, moment),
        "X-HubSpot-Request-Timestamp": str(moment),
    }


def second(secret: str, method: str, uri: str, body: bytes) -> str:
    """Version 2: what webhooks of workflows and custom actions carry."""
    return hashlib.sha256(f"{secret}{method}{uri}".encode() + body).hexdigest()


def third(secret: str, method: str, uri: str, body: bytes, moment: int) -> str:
    """Version 3, which grows old with the *moment*, in milliseconds."""
    plain = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), uri)
    source = f"{method}{plain}".encode() + body + str(moment).encode()
    return base64.b64encode(hmac.new(secret.encode(), source, hashlib.sha256).digest()).decode()
