"""Text in few letters that may stand in a link: compressed, in base 64 of a link's alphabet."""

import base64
import zlib

LONGEST = 24_000  # letters of a packed text; deploy/nginx.conf has room for them


def pack(text: str) -> str:
    """A text as letters, digits, hyphens and underscores.

    >>> unpack(pack("पूर्व"), 100)
    'पूर्व'
    """
    packed = zlib.compress(text.encode(errors="replace"), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(code: str, most: int) -> str:
    """The text behind a code. ValueError if it is none or has more than `most` bytes."""
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), b"-_", validate=True)
        opened = zlib.decompressobj()
        raw = opened.decompress(packed, most)
        if opened.unconsumed_tail or not opened.eof:
            raise ValueError("cut off, or too long")
        return raw.decode()
    except (ValueError, zlib.error) as error:
        raise ValueError("The text in this link cannot be read; it may be cut off.") from error
