"""Ask Streamlit's own endpoint whether the server of this container is well."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

path = os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
port = os.environ.get("STREAMLIT_SERVER_PORT", "8501")
address = "/".join(filter(None, [f"http://127.0.0.1:{port}", path, "_stcore/health"]))

try:
    with urlopen(address, timeout=4) as answer:
        well = answer.read() == b"ok"
except (URLError, OSError) as error:
    print(f"{address}: {error}")
    well = False
sys.exit(0 if well else 1)
