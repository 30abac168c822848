// The player: a run, live while it trains and afterwards from memory. It keeps every frame that it
// was sent, asks for those that follow while the run is live, and says nothing once it has all.
const players = new WeakMap();
const FPS = 30, SPEEDS = [0.25, 0.5, 1, 2, 4], calm = matchMedia("(prefers-reduced-motion: reduce)");
const PLAY = '<svg viewBox="0 0 24 24"><path d="M8 5v14l11-7z"/></svg>';
const PAUSE = '<svg viewBox="0 0 24 24"><path d="M7 5h4v14H7zM13 5h4v14h-4z"/></svg>';
const BACK = '<svg viewBox="0 0 24 24"><path d="M7 5h2v14H7zM19 5v14l-9-7z"/></svg>';
const NEXT = '<svg viewBox="0 0 24 24"><path d="M15 5h2v14h-2zM5 5v14l9-7z"/></svg>';

const tag = (name, cls = "", attributes = {}) => {
  const node = document.createElement(name);
  if (cls) node.className = cls;
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  return node;
};

export function show(component, header, body) {
  const host = component.parentElement;
  if (!players.has(host)) players.set(host, new Player(host.querySelector(".root")));
  players.get(host).receive(component, header, body);
}

export function close(host) {
  players.get(host)?.close();
  players.delete(host);
}

class Player {
  constructor(root) {
    this.root = root;
    this.run = null;
    this.frames = [];
    this.blobs = new Map();
    this.hidden = new Set();
    this.panels = [];
    this.cursor = 0;
    this.speed = 1;
    this.playing = true;
    this.following = true;
    this.painted = 0;
    this.build();
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.stage);
    this.theming = new MutationObserver(() => this.recolour());
    this.theming.observe(document.documentElement, { attributes: true, subtree: false });
    this.seen = () => { if (!document.hidden) this.poll(0); };
    document.addEventListener("visibilitychange", this.seen);
    this.tick = this.tick.bind(this);
    this.raf = requestAnimationFrame(this.tick);
  }

  close() {
    cancelAnimationFrame(this.raf);
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.theming.disconnect();
    document.removeEventListener("visibilitychange", this.seen);
    this.closed = true;
  }

  build() {
    const { root } = this;
    root.replaceChildren();
    root.classList.add("player");
    root.setAttribute("role", "group");
    this.stage = tag("div", "stage", { role: "img", tabindex: "0" });
    this.overlay = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.overlay.setAttribute("class", "flows");
    this.overlay.setAttribute("aria-hidden", "true");
    this.tip = tag("div", "tip", { "aria-hidden": "true" });
    const bar = tag("div", "bar");
    const button = (cls, label, html, act) => {
      const b = tag("button", cls, { type: "button", "aria-label": label, title: label });
      b.innerHTML = html;
      b.onclick = act;
      bar.append(b);
      return b;
    };
    this.playButton = button("play", "Pause", PAUSE, () => this.toggle());
    button("back", "One frame back", BACK, () => this.jump(Math.ceil(this.cursor) - 1));
    button("next", "One frame forward", NEXT, () => this.forward());
    this.slider = tag("input", "scrub", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Frame" });
    this.slider.oninput = () => this.jump(+this.slider.value, true);
    bar.append(this.slider);
    this.label = tag("span", "step");
    bar.append(this.label);
    this.live = button("live", "Follow the run as it trains", "live", () => this.follow());
    this.speedButton = button("speed", "Speed", "1×", () => {
      this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
      this.speedButton.textContent = `${this.speed}×`;
      this.speedButton.setAttribute("aria-label", `Speed ${this.speed} times`);
    });
    this.legend = tag("div", "legend", { role: "group", "aria-label": "Show or hide" });
    this.readings = tag("div", "readings");
    this.sentence = tag("p", "sentence", { "aria-live": "polite" });
    root.append(this.stage, bar, this.legend, this.readings, this.sentence);
    root.onkeydown = (event) => this.key(event);
  }

  // ---- what the server sends, what the player asks for
  receive(component, header, body) {
    this.ask = (value) => component.setStateValue("ask", { ...value, n: Math.random() });
    if (header.palette) this.palette = header.palette;
    clearTimeout(this.timer);
    if (header.run !== this.run) {
      const same = header.run.split("-")[0] === this.run?.split("-")[0]; // only another view
      if (header.first > 0) { this.ask({ run: "", have: 0 }); return; }
      if (!header.total && !header.failed) { this.header = header; this.poll(header.interval, header.run); return; }
      const kept = same ? this.cursor : 0;
      this.run = header.run;
      this.frames = [];
      this.blobs.clear();
      this.limits = null;
      this.cursor = kept;
      this.shown = -1;
      if (!same) {
        this.following = !header.ended;
        this.playing = header.autoplay && !calm.matches;
        if (header.ended && !this.playing) this.cursor = header.total - 1;
      }
    }
    this.header = header;
    if (header.first > this.frames.length) { this.poll(0); return; } // a message was lost
    if (!this.palette) { this.ask({ run: "", have: 0 }); return; }
    for (const [n, dtype, shape, offset, length] of header.blobs) {
      const type = { int16: Int16Array, uint8: Uint8Array, float32: Float32Array }[dtype];
      const bytes = body.slice(offset, offset + length);
      this.blobs.set(n, { data: new type(bytes.buffer), shape });
    }
    header.frames.slice(this.frames.length - header.first).forEach((frame) => this.keep(frame));
    if (!this.frames.length) return;
    this.slider.max = Math.max(this.frames.length - 1, 1);
    if (calm.matches && this.following) this.cursor = this.frames.length - 1;
    if (header.view !== this.structure()) this.arrange();
    if (!header.ended || this.frames.length < header.total) {
      this.poll(this.frames.length < header.total ? 0 : header.interval);
    }
    this.shown = -1;
    this.status();
  }

  keep(frame) {
    const last = this.frames.at(-1);
    this.limits ??= frame.panels.map(() => ({ x: [Infinity, -Infinity], y: [Infinity, -Infinity] }));
    const read = Object.fromEntries([...this.blobs].map(([n, b]) => [n, b.data]));
    frame.panels.forEach((panel, i) => {
      if (panel.kind === "chart" && this.limits[i] && (!panel.xlim || !panel.ylim)) stretch(this.limits[i], panel, read);
    });
    if (last && last.unit === undefined) frame.unit = last.unit;
    this.frames.push(frame);
  }

  structure() {
    const frame = this.frames[0];
    return frame ? JSON.stringify([frame.rows, frame.flows, frame.panels.map((p) => [p.title, p.kind, p.span, p.caption])]) : "";
  }

  poll(seconds, run = this.run) {
    clearTimeout(this.timer);
    if (!this.header || this.closed) return;
    if (this.header.ended && this.frames.length >= this.header.total && run === this.run) return;
    if (!this.playing && this.atEdge() && this.frames.length && run === this.run) {
      if (!this.resting) { this.resting = true; this.ask({ run, have: this.frames.length, want: "rest" }); }
      return;
    }
    this.resting = false;
    this.timer = setTimeout(() => {
      if (!document.hidden && !this.closed) {
        this.ask({ run: run ?? "", have: run === this.run ? this.frames.length : 0, want: "train" });
        this.timer = setTimeout(() => this.poll(0), 4000); // should an answer be lost
      }
    }, Math.max(20, seconds * 1000));
  }

  // ---- what the visitor does
  atEdge() { return this.cursor >= this.frames.length - 1.01; }
  get over() { return this.header?.ended && this.frames.length >= this.header.total; }

  toggle() {
    if (!this.playing && this.over && this.atEdge()) this.cursor = 0;
    this.playing = !this.playing;
    this.following = this.playing && !this.over && this.atEdge();
    this.poll(0);
    this.status();
  }
  jump(to, scrub = false) {
    if (!scrub) this.playing = false;
    this.cursor = Math.min(Math.max(to, 0), this.frames.length - 1);
    this.following = scrub && !this.over && this.atEdge();
    if (scrub && !this.following) this.held = true;
    this.poll(0);
    this.status();
  }
  forward() {
    if (this.cursor < this.frames.length - 1) { this.jump(Math.floor(this.cursor) + 1); return; }
    this.playing = false;
    if (!this.over) { this.resting = true; this.stepped = true; this.ask({ run: this.run, have: this.frames.length, want: "step" }); }
    this.status();
  }
  follow() {
    this.playing = this.following = true;
    this.held = false;
    this.cursor = this.frames.length - 1;
    this.poll(0);
    this.status();
  }
  key(event) {
    if (event.target.matches?.("input, .legend button, .speed, .live") && event.key === " ") return;
    const act = {
      " ": () => this.toggle(), ArrowLeft: () => this.jump(Math.ceil(this.cursor) - 1), ArrowRight: () => this.forward(),
      Home: () => this.jump(0), End: () => this.jump(this.frames.length - 1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // ---- time
  tick(now) {
    this.raf = requestAnimationFrame(this.tick);
    const passed = Math.min(0.1, (now - (this.last ?? now)) / 1000);
    this.last = now;
    if (!this.frames.length) return;
    const end = this.frames.length - 1;
    if (this.stepped && end > this.cursor) { this.cursor = Math.floor(this.cursor) + 1; this.stepped = false; }
    if (this.playing && !this.held && !document.hidden && !calm.matches && this.cursor < end) {
      // While live, the pace follows the supply: about half a second behind the newest frame.
      const pace = this.following ? Math.max(8, Math.min(60, (end - this.cursor) / 0.55)) : FPS * this.speed;
      this.cursor = Math.min(end, this.cursor + passed * pace);
    }
    if (this.playing && this.over && this.cursor >= end) { this.playing = this.following = false; this.status(); }
    const index = Math.floor(this.cursor + 1e-6);
    if (index !== this.shown) this.draw(index);
  }

  // ---- what is seen
  theme() {
    const colour = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim();
    const value = /^#/.test(colour) ? rgb(colour.length === 4 ? "#" + [...colour.slice(1)].map((c) => c + c).join("") : colour) : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
    return value.reduce((a, b) => a + b) < 384 ? "dark" : "light";
  }
  recolour() {
    for (const panel of this.panels) panel.sheets?.clear();
    this.shown = -1;
    this.layout();
  }

  arrange() {
    this.header.view = this.structure();
    const frame = this.frames[0];
    this.stage.replaceChildren(this.overlay, this.tip);
    this.panels = frame.panels.map((panel) => {
      const figure = tag("figure", `panel ${panel.kind}`), canvas = tag("canvas");
      const title = tag("figcaption"), caption = tag("p", "caption");
      title.textContent = panel.title;
      caption.textContent = panel.caption;
      figure.append(title, canvas);
      if (panel.caption) figure.append(caption);
      this.stage.append(figure);
      const entry = { figure, canvas, title, caption, sheets: new Map() };
      canvas.onpointermove = (event) => this.hover(entry, event);
      canvas.onpointerleave = () => { this.tip.style.display = "none"; };
      return entry;
    });
    const marks = new Map();
    for (const f of [frame, this.frames.at(-1)]) for (const panel of f.panels) for (const mark of panel.marks) {
      if (mark.mark !== "Text" && mark.name) marks.set(`${mark.role ?? "field"}:${mark.name}`, mark);
    }
    this.legend.replaceChildren(...[...marks].map(([id, mark]) => {
      const b = tag("button", "", { type: "button", "aria-pressed": String(!this.hidden.has(id)) });
      const swatch = tag("i", `swatch ${mark.mark} ${mark.shape ?? ""} ${mark.role ?? ""} ${mark.dashed || mark.role === "truth" ? "dashed" : ""}`);
      swatch.dataset.role = mark.role ?? "";
      swatch.dataset.ends = (mark.mark === "Field" ? mark.ends ?? ["model", "real"] : []).join(" ");
      b.append(swatch, mark.mark === "Field" && mark.meaning ? `${mark.name} (${mark.meaning})` : mark.name);
      b.onclick = () => {
        if (!this.hidden.delete(id)) this.hidden.add(id);
        b.setAttribute("aria-pressed", String(!this.hidden.has(id)));
        this.shown = -1;
      };
      return b;
    }));
    this.layout();
  }

  layout() {
    if (!this.panels.length || !this.frames.length || !this.palette) return;
    const frame = this.frames[0], width = this.stage.clientWidth;
    const theme = (this.colours = this.palette[this.theme()]);
    for (const [role, colour] of Object.entries(theme.roles)) this.root.style.setProperty(`--${role}`, colour);
    for (const s of this.legend.querySelectorAll(".swatch")) {
      const [a, b] = s.dataset.ends.split(" ");
      if (a) s.style.background = `linear-gradient(90deg, var(--${a}), var(--st-background-color), var(--${b}))`;
      else s.style.setProperty("--colour", `var(--${s.dataset.role || "neutral"})`);
    }
    let start = 0;
    const wanted = (frame.rows.length ? frame.rows : [frame.panels.length]).map((n) => {
      const row = frame.panels.slice(start, start + n).map((panel, i) => [start + i, panel.span ?? 1]);
      start += n;
      return row;
    });
    const linked = frame.flows.length > 0, gap = linked ? (width > 700 ? 52 : 26) : 18;
    const lines = [];
    for (const row of wanted) {
      const least = width > 700 ? 170 : row.length > 2 ? 150 : 260; // on a phone two beside each other
      const fit = Math.max(1, Math.floor((width + gap) / (least + gap)));
      for (let i = 0; i < row.length; i += fit) lines.push(row.slice(i, i + fit));
    }
    const tall = wanted.length > 1 && width > 700 ? 300 : 420;
    let y = 0;
    for (const line of lines) {
      const spans = line.reduce((sum, [, span]) => sum + span, 0), room = width - gap * (line.length - 1);
      const square = line.filter(([i]) => frame.panels[i].kind !== "chart").map(([, s]) => (room * s) / spans);
      const height = Math.round(Math.min(tall, square.length ? Math.min(...square) : 240));
      // Planes and pictures are no wider than tall; what is left over goes to the charts.
      const charts = line.filter(([i]) => frame.panels[i].kind === "chart").reduce((sum, [, s]) => sum + s, 0);
      const widths = line.map(([i, s]) => (frame.panels[i].kind === "chart" ? 0 : Math.min((room * s) / spans, height * (frame.panels[i].kind === "plane" ? 1 : Math.max(1, s)))));
      const left = room - widths.reduce((a, b) => a + b, 0);
      line.forEach(([i, s], k) => { if (frame.panels[i].kind === "chart") widths[k] = (left * s) / charts; });
      const slack = charts ? 0 : Math.max(0, left) / Math.max(1, line.length);
      let x = slack / 2, foot = 0;
      line.forEach(([i], k) => {
        const { figure, canvas } = this.panels[i], w = Math.floor(widths[k]);
        Object.assign(figure.style, { left: `${Math.round(x)}px`, top: `${y}px`, width: `${w}px` });
        Object.assign(canvas.style, { width: `${w}px`, height: `${height}px` });
        Object.assign(this.panels[i], { x, y, w, h: height, frame: null });
        x += w + gap + slack;
        foot = Math.max(foot, figure.offsetHeight);
      });
      y += foot + (linked ? 24 : 12);
    }
    this.stage.style.height = `${y}px`;
    this.connect(frame, y, width);
    this.shown = -1;
  }

  connect(frame, height, width) {
    this.overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const arrows = frame.flows.map((flow, n) => {
      const a = this.panels[flow.source], b = this.panels[flow.target];
      const top = a.title.offsetHeight;
      let path, lx, ly, anchor = "middle";
      const sameLine = Math.abs(a.y - b.y) < 2;
      const between = this.panels.some((p) => Math.abs(p.y - a.y) < 2 && p.x > a.x && p.x < b.x);
      if (sameLine && b.x > a.x && !between) {
        const y = a.y + top + a.h * 0.5, x0 = a.x + a.w + 5, x1 = b.x - 6;
        path = `M${x0} ${y}H${x1}`; lx = (x0 + x1) / 2; ly = y - 8;
      } else if (sameLine) {
        const y0 = a.y + a.figure.offsetHeight, x0 = a.x + a.w / 2, x1 = b.x + b.w / 2;
        path = `M${x0} ${y0}v12H${x1}v-11`; lx = (x0 + x1) / 2; ly = y0 + 9;
      } else {
        const down = b.y > a.y, x0 = a.x + a.w / 2, x1 = b.x + b.w / 2;
        const y0 = down ? a.y + a.figure.offsetHeight : a.y, y1 = down ? b.y - 2 : b.y + b.figure.offsetHeight + 2;
        const mid = down ? y1 - 12 : y0 - 12;
        path = `M${x0} ${y0}V${mid}H${x1}V${y1}`; lx = (x0 + x1) / 2 + 6; ly = mid - 3; anchor = "middle";
      }
      return `<g data-flow="${n}" style="--colour:var(--${flow.role})" class="${flow.active ? "active" : ""}"><path d="${path}" marker-end="url(#tip)"/><text x="${lx}" y="${ly}" text-anchor="${anchor}"></text></g>`;
    });
    this.overlay.innerHTML = `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" style="fill:context-stroke;stroke:none"/></marker></defs>${arrows.join("")}`;
    this.overlay.querySelectorAll("text").forEach((text, i) => {
      const words = frame.flows[i].label.split(" "), narrow = this.overlay.querySelector(`[data-flow="${i}"] path`).getAttribute("d").includes("V") === false && words.length > 1 && !text.parentNode.querySelector("path").getAttribute("d").includes("v");
      const x = text.getAttribute("x"), y = +text.getAttribute("y");
      const lines = narrow ? words : [frame.flows[i].label];
      lines.forEach((line, k) => {
        const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
        span.textContent = line;
        span.setAttribute("x", x);
        span.setAttribute("y", y - 13 * (lines.length - 1 - k));
        text.append(span);
      });
    });
  }

  view(entry, panel, limits, theme) {
    const dpr = Math.min(3, devicePixelRatio || 1);
    const at = frameOf(panel, limits, entry.w, entry.h);
    at.dpr = dpr;
    at.blob = (n) => this.blobs.get(n)?.data ?? [];
    at.shape = (n) => this.blobs.get(n)?.shape ?? [0, 0, 0];
    at.sheet = (mark) => {
      const key = `${mark.pixels}`;
      if (entry.sheetKey !== key) { entry.sheets.clear(); entry.sheetKey = key; }
      if (!entry.sheets.has(key)) entry.sheets.set(key, sheetOf(at.blob(mark.pixels), at.shape(mark.pixels), theme));
      return entry.sheets.get(key);
    };
    return at;
  }

  draw(index) {
    const frame = this.frames[index], theme = this.colours;
    if (!frame || !theme) return;
    const again = this.shown < 0;
    this.shown = index;
    frame.panels.forEach((panel, i) => {
      const entry = this.panels[i];
      if (!entry) return;
      const signature = JSON.stringify(panel);
      if (!again && entry.signature === signature) return; // nothing in it changed
      entry.signature = signature;
      const at = (entry.at = this.view(entry, panel, this.limits[i], theme)), { canvas } = entry;
      const [w, h] = [Math.round(entry.w * at.dpr), Math.round(entry.h * at.dpr)];
      if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
      paint(canvas.getContext("2d"), panel, at, theme, this.hidden, entry.w, entry.h);
      entry.panel = panel;
      entry.figure.classList.toggle("active", !!panel.active);
      if (entry.title.textContent !== panel.title) entry.title.textContent = panel.title;
      if (panel.caption && entry.caption.textContent !== panel.caption) entry.caption.textContent = panel.caption;
    });
    frame.flows.forEach((flow, n) => this.overlay.querySelector(`[data-flow="${n}"]`)?.classList.toggle("active", flow.active));
    this.painted += 1;
    this.root.dataset.painted = this.painted;
    this.root.dataset.frame = index;
    this.judge(frame);
    this.status();
  }

  judge(frame) {
    if (this.readings.childElementCount !== frame.readings.length) {
      this.readings.replaceChildren(...frame.readings.map(() => {
        const box = tag("div", "reading");
        box.innerHTML = '<span class="name"></span><b></b><div class="scale"><i class="floor"></i><i class="dot"></i></div><small></small>';
        return box;
      }));
    }
    frame.readings.forEach((reading, i) => {
      const box = this.readings.children[i], [low, high] = reading.floor ?? [null, null];
      const set = (query, text) => { const n = box.querySelector(query); if (n.textContent !== text) n.textContent = text; };
      set(".name", reading.label);
      set("b", `${three(reading.value)}${reading.unit ? " " + reading.unit : ""}`);
      box.title = reading.help;
      set("small", low === null ? reading.bound : low === high ? `${reading.bound}: ${three(low)}` : `${reading.bound}: ${three(low)} to ${three(high)}`);
      // The scale holds everything that this reading was over the run, and its floor.
      const key = `${this.run}-${this.frames.length}`;
      if (this.rangeKey !== key) { this.ranges = []; this.rangeKey = key; }
      const range = (this.ranges[i] ??= this.frames.reduce((r, f) => {
        const x = f.readings[i];
        for (const v of [x?.value, ...(x?.floor ?? [])]) if (typeof v === "number") { r[0] = Math.min(r[0], v); r[1] = Math.max(r[1], v); }
        return r;
      }, [Infinity, -Infinity]));
      const place = (v) => `${(100 * (v - range[0])) / (range[1] - range[0] || 1)}%`;
      const floor = box.querySelector(".floor"), dot = box.querySelector(".dot");
      floor.style.display = low === null ? "none" : "";
      if (low !== null) { floor.style.left = place(low); floor.style.width = `max(3px, calc(${place(high)} - ${place(low)}))`; }
      dot.style.display = typeof reading.value === "number" ? "" : "none";
      if (typeof reading.value === "number") dot.style.left = place(reading.value);
    });
    if (this.sentence.textContent !== frame.sentence) {
      const now = performance.now();
      if (!this.playing || now - (this.told ?? 0) > 400 || this.atEdge()) { this.sentence.textContent = frame.sentence; this.told = now; }
    }
  }

  status() {
    const frame = this.frames[Math.floor(this.cursor + 1e-6)] ?? this.frames.at(-1), { header } = this;
    if (!frame || !header) return;
    const playing = this.playing && !(this.over && this.atEdge());
    if (this.wasPlaying !== playing) {
      this.wasPlaying = playing;
      this.playButton.innerHTML = playing ? PAUSE : PLAY;
      for (const a of ["aria-label", "title"]) this.playButton.setAttribute(a, playing ? "Pause" : "Play");
    }
    if (document.activeElement !== this.slider || !this.held) this.slider.value = Math.floor(this.cursor + 1e-6);
    const last = this.over ? this.frames.at(-1).step : null;
    this.label.textContent = `${frame.unit} ${typeof frame.step === "number" && frame.step >= 1e4 ? frame.step.toLocaleString("en") : three(frame.step) === String(frame.step) ? frame.step : frame.step}${last !== null ? ` of ${last}` : ""}`;
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
    const state = header.failed ? "failed" : this.over ? "over" : this.following && this.playing ? "training" : "behind";
    this.root.dataset.state = state;
    this.live.hidden = state === "over" || state === "failed";
    this.live.textContent = state === "training" ? "live" : this.playing || this.held ? "go live" : "paused: go live";
    if (header.ahead > 0 && state === "training") this.live.textContent = `live, shared with ${header.ahead} more`;
    this.stage.setAttribute("aria-label", `${frame.title ? frame.title + ": " : ""}${frame.panels.map((p) => p.title).join(", ")}. ${frame.sentence}`);
  }

  hover(entry, event) {
    if (!entry.at) return;
    const { lines, image } = under(entry.panel, entry.at, this.hidden, event.offsetX, event.offsetY);
    if (!lines.length) { this.tip.style.display = "none"; return; }
    this.tip.replaceChildren(...lines.map((line) => Object.assign(tag("div"), { textContent: line })));
    if (image) {
      const sheet = entry.at.sheet(image[0]), scale = Math.ceil(112 / sheet.h), canvas = tag("canvas");
      canvas.width = sheet.w * scale; canvas.height = sheet.h * scale;
      const g = canvas.getContext("2d");
      g.imageSmoothingEnabled = false;
      g.drawImage(sheet.canvas, 0, image[1] * sheet.h, sheet.w, sheet.h, 0, 0, canvas.width, canvas.height);
      this.tip.prepend(canvas);
    }
    this.tip.style.display = "block";
    const x = entry.x + event.offsetX, y = entry.y + entry.title.offsetHeight + event.offsetY;
    this.tip.style.left = `${Math.max(0, Math.min(x + 14, this.stage.clientWidth - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${y + 16}px`;
  }
}
