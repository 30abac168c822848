// How the browser asks for frames: through Streamlit, which runs a fragment of the page, or, when it
// wants nothing but those that follow, by a request of its own, which costs the server far less.

// Players of one page take turns: Streamlit joins messages of the same moment into one rerun, which
// would answer only one of them.
const APART = 40; // milliseconds
let nextTurn = 0;

function inTurn(send) {
  const now = performance.now(), at = Math.max(now, nextTurn);
  nextTurn = at + APART;
  if (at === now) send();
  else setTimeout(send, at - now);
}

// A header and what follows it; the format is described in explorer/draw/wire.py.
function opened(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size))), bytes.subarray(4 + size)];
}

export class Asks {
  told = ""; // what Streamlit heard last that was wanted
  component = null; // through which it is told
  closed = false;

  // `heard(header, body)` is called with what a request of its own was answered.
  constructor(heard) {
    this.heard = heard;
  }

  send(ask, header) {
    if (header.polls && ask.want === "train" && this.told === "train") this.fetch(ask, header);
    else this.tell(ask);
  }

  tell(ask) {
    inTurn(() => {
      if (this.closed) return;
      this.told = ask.want;
      this.component.setStateValue("ask", ask);
    });
  }

  async fetch(ask, { polls, run, view, viewer }) {
    const query = new URLSearchParams({ run, view, viewer, have: String(ask.have) });
    let answer = null;
    try {
      const response = await fetch(`${polls}?${query}`, { cache: "no-store" });
      if (response.status === 200) answer = opened(new Uint8Array(await response.arrayBuffer()));
    } catch { /* no server, or somebody else's answer */ }
    if (this.closed) return;
    if (answer?.[0].run === run) this.heard(...answer);
    else this.tell(ask);
  }
}
