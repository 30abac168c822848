// The player itself: it keeps every frame that it was sent, asks for those that follow while the run
// is live, and says nothing once it has them all.

import { placed, put, tag, write } from "../shared/element.js";
import { Asks } from "./asks.js";
import { Clock, calm } from "./clock.js";
import { isDark, mix, rgb } from "./colours.js";
import { TINT } from "./marks.js";
import { Bar, Legend, stateOf } from "./parts.js";
import { Listen } from "./listen.js";
import { Readings } from "./readings.js";
import { Stage } from "./stage.js";
import { Recording } from "./wire.js";

let once = null; // what comes only with the first answer: a player that Streamlit mounts anew needs it, too

export function show(root, component, header, body) {
  if (header.style) once = { style: header.style, palette: header.palette };
  const player = (root.player ??= new Player(root));
  player.asks.component = component;
  player.receive(header, body);
}

// Called at the end, but also after every message that another one overtook.
export function leave(root) {
  setTimeout(() => { if (!root.isConnected) root.player?.close(); }, 0);
}

const GLIDE = 1000 / 33; // milliseconds between two pictures: more often would take the processor from the run

class Player {
  recording = null;
  coming = null;
  clock = new Clock();
  painted = 0;
  visible = true;
  placed = false;

  constructor(root) {
    this.root = root;
    this.palette = once.palette;
    root.classList.add("player");
    put(root, "role", "group");
    put(root, "aria-label", "Player");
    root.append(tag("style", "", {}, once.style));
    this.stage = new Stage(root);
    this.bar = new Bar(root, {
      toggle: () => this.act(() => this.clock.toggle()),
      step: (by) => this.step(by),
      seek: (to) => this.act(() => this.clock.seek(to)),
      follow: () => this.act(() => this.clock.follow()),
      speed: (times) => { this.clock.speed = times; },
    });
    this.listen = new Listen(root, this.stage);
    this.legend = new Legend(root, () => { this.stage.dirty(); this.draw(); });
    this.stage.hidden = this.legend.hidden;
    this.results = tag("div", "results");
    root.append(this.results);
    this.readings = new Readings(this.results);
    this.sentence = tag("p", "sentence");
    this.news = tag("p", "news", { "aria-live": "polite" });
    this.results.append(this.sentence);
    root.append(this.news);
    root.onkeydown = (event) => this.key(event);
    this.tick = this.tick.bind(this);
    this.asks = new Asks((header, body) => {
      const { run, view } = this.header; // something else may have come meanwhile
      if (header.run === run && header.view === view) this.receive({ ...this.header, ...header }, body);
    });
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.stage.node);
    this.sights = new IntersectionObserver(([entry]) => { this.visible = entry.isIntersecting; this.wake(); });
    this.sights.observe(this.stage.node);
    this.seen = () => { if (!document.hidden) { this.poll(0); this.wake(); } };
    document.addEventListener("visibilitychange", this.seen);
    this.controls = new MutationObserver(() => { if (this.header && this.old !== this.shownOld) { this.wait(); this.wake(); } });
    this.controls.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-run", "data-view"] });
  }

  close() {
    this.closed = this.asks.closed = true;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.due);
    this.listen.stop();
    this.sizes.disconnect();
    this.sights.disconnect();
    this.controls.disconnect();
    document.removeEventListener("visibilitychange", this.seen);
  }

  // ---- What the server says, and what is asked of it

  receive(header, body) {
    const named = (recording) => recording && recording.run === header.run && recording.view === header.view;
    if (!named(this.recording) && !named(this.coming)) this.coming = new Recording(header.run, header.view);
    const recording = named(this.recording) ? this.recording : this.coming;
    if (recording === this.recording) this.coming = null;
    this.header = header;
    const before = recording.frames.length, whole = recording.take(header, body);
    this.colour();
    if (recording === this.coming && this.ready(recording)) this.turn(recording);
    this.wait();
    if (recording === this.recording) this.arrived(before);
    if (!whole) this.poll(0); // a message was lost
    else this.plan(recording);
  }

  // What the picture shows that the page no longer asks for: "settings", "view" or nothing. The page
  // says beside its controls what they ask for, before the server has answered for it.
  get old() {
    const { recording, header } = this;
    if (!recording) return "";
    /** @type {HTMLElement | null} */
    const place = document.querySelector(`[data-player="${header.key}"]`), beside = place?.dataset;
    if (recording.run !== (beside?.run ?? header.run) || recording.run !== header.run) return "settings";
    return recording.view !== (beside?.view ?? header.view) || recording.view !== header.view ? "view" : "";
  }

  // Whether a recording has what is to be seen next: the start of a run, or this moment in another view.
  ready(recording) {
    if (!recording.frames.length) return false;
    const turned = this.recording?.run === recording.run;
    return !turned || recording.frames.length > this.clock.frame || recording.frames.length >= this.header.total;
  }

  turn(recording) {
    const same = this.recording?.run === recording.run;
    if (this.recording?.view === recording.view) this.stage.fade();
    [this.recording, this.coming] = [recording, null];
    this.stage.pictures.clear();
    this.stage.dirty();
    this.lay(recording.frames[0].scene, recording.frames[0].panels);
    if (!same) this.clock.begin(this.header);
    this.shown = -1;
  }

  lay(scene, panels) {
    const [first, ...more] = scene.rows; // up to two panels leave room beside them, too
    this.root.classList.toggle("beside", this.header.beside && (more.length > 0 || first < 3));
    this.stage.build(scene, panels);
  }

  arrived(before) {
    const now = performance.now(), { recording, header, clock } = this;
    if (!recording.frames.length) return;
    clock.extend(recording.frames.length, header.ended && recording.frames.length >= header.total, (now - (this.fed ?? now)) / 1000);
    if (recording.frames.length > before) this.fed = now;
    if (this.stepping && recording.frames.length > before) {
      this.stepping = false;
      clock.at = recording.frames.length - 1;
    }
    this.legend.show(recording);
    this.draw();
    this.wake();
  }

  // Ask again when there is more to come.
  plan(recording) {
    const { header, clock } = this, behind = recording.frames.length < header.total;
    clearTimeout(this.timer);
    if (header.ended && !behind) {
      // The page may go on with the model; not all visitors at once.
      if (header.settle !== null) this.poll(header.settle * Math.random());
      return;
    }
    if (this.stepping) this.poll(0.2);
    else if (behind) this.poll(0);
    else if (clock.wants === "train" || recording === this.coming) this.poll(header.interval * (0.9 + 0.2 * Math.random()));
    else if (!this.rested) this.poll(0); // say once that it may rest
  }

  poll(seconds) {
    clearTimeout(this.timer);
    if (!this.header || this.closed) return;
    const recording = this.coming ?? this.recording, over = this.header.ended && recording?.frames.length >= this.header.total;
    if (over && this.header.settle === null) return;
    const since = (performance.now() - (this.asked ?? 0)) / 1000;
    this.timer = setTimeout(() => {
      if (document.hidden || this.closed) return;
      const want = over ? "over" : this.stepping ? "step" : this.coming ? "train" : this.clock.wants;
      this.rested = want === "rest";
      this.asked = performance.now();
      this.asks.send({ run: `${this.header.run}-${this.header.view}`, have: recording?.frames.length ?? 0, want, version: this.header.version, n: Math.random() }, this.header);
      this.timer = setTimeout(() => this.poll(0), 5000); // should the answer be lost
    }, Math.max(10, 1000 * (seconds - (seconds > 0 ? since : 0))));
  }

  // What is said before there is anything to see, over a picture of other settings, or at the end.
  wait() {
    const { header, stage, root } = this, old = (this.shownOld = this.old);
    put(root, "data-old", old);
    if (old === "settings") this.listen.stop();
    stage.node.classList.toggle("empty", !this.recording);
    if (!this.recording && header.shape) this.lay(header.shape.scene, header.shape.panels);
    const answered = !old || this.coming, failed = answered && header.failed; // of the present settings
    const next = failed || (answered && header.note) || "The new run begins in a moment.";
    const note = { settings: `This picture belongs to the settings before. ${next}`, view: failed || "Drawing this view." }[old];
    write(stage.veil, note ?? (failed || (this.recording && !header.again ? "" : header.note)));
    stage.veil.classList.toggle("failed", Boolean(failed || (answered && header.again)));
    stage.veil.hidden = !stage.veil.textContent;
    root.style.minHeight = this.recording || header.shape ? "" : "20rem";
    put(root, "aria-busy", String(Boolean(old) || (!this.recording && !header.failed)));
  }

  // ---- What the visitor does

  act(change) {
    change();
    if (this.clock.wants === "train") this.rested = false;
    this.plan(this.coming ?? this.recording);
    if (this.clock.wants === "train") this.poll(this.rested ? 0 : this.header.interval);
    this.draw();
    this.wake();
  }

  step(by) {
    if (!this.recording || this.old) return;
    this.act(() => { if (!this.clock.step(by)) this.stepping = true; });
    if (this.stepping) this.poll(0);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.recording || this.old) return;
    const inside = event.composedPath()[0], { clock } = this;
    if (event.key === " " && inside.matches("button, select")) return;
    if (inside.matches("select")) return;
    const far = event.shiftKey ? 10 : 1;
    const act = {
      " ": () => this.act(() => clock.toggle()),
      ArrowLeft: () => this.step(-far),
      ArrowRight: () => this.step(far === 1 ? 1 : Math.max(1, Math.min(far, clock.last - clock.frame))),
      Home: () => this.act(() => clock.seek(0)),
      End: () => this.act(() => (clock.over ? clock.seek(clock.last) : clock.follow())),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // ---- What is seen

  colour() {
    const theme = this.palette[isDark(getComputedStyle(this.root).getPropertyValue("--st-background-color").trim()) ? "dark" : "light"];
    if (this.stage.theme === theme) return;
    const back = rgb(theme.surface.background);
    for (const [role, colour] of Object.entries(theme.roles)) {
      this.root.style.setProperty(`--${role}`, colour);
      this.root.style.setProperty(`--${role}-end`, `rgb(${mix(back, rgb(colour), TINT).map(Math.round)})`);
    }
    this.root.style.setProperty("--line", theme.surface.line);
    this.stage.recolour(theme);
    this.draw();
  }

  resize() {
    if (this.stage.node.clientWidth === this.stage.width) return;
    this.stage.layout();
    this.draw();
  }

  wake() {
    if (this.due || this.closed || !this.visible || document.hidden || !this.clock.playing || this.shownOld) return;
    this.before = undefined;
    this.due = requestAnimationFrame(this.tick);
  }

  tick(now) {
    this.due = 0;
    const seconds = Math.min(0.1, (now - (this.before ?? now)) / 1000);
    this.before = now;
    if (this.shownOld) return; // it rests until its settings are asked for again
    if (this.recording) this.clock.pass(seconds, this.header.interval);
    if (this.clock.frame !== this.shown || !this.clock.playing) this.draw();
    else if (now - this.glided >= GLIDE) this.glide();
    if (this.clock.playing && this.visible) this.due = requestAnimationFrame(this.tick);
  }

  draw() {
    const { recording, clock, stage, root } = this;
    if (!recording?.frames.length || !stage.width || !stage.theme) return;
    const index = Math.min(clock.frame, recording.frames.length - 1), frame = recording.frames[index];
    stage.build(frame.scene, frame.panels);
    const fresh = stage.draw(recording, index, this.part());
    this.glided = performance.now();
    this.readings.show(recording, index, stage.theme);
    this.bar.show(clock, recording, index, this.header);
    this.listen.show(frame.sounds);
    this.say(frame);
    if (fresh) this.painted += 1;
    this.placed ||= placed(root);
    this.shown = index;
    Object.assign(root.dataset, { frame: index, frames: recording.frames.length, painted: this.painted, state: stateOf(clock, this.header), run: recording.run, view: recording.view });
  }

  // How far a playing clock is on its way to the next frame.
  part() {
    return this.clock.playing && !calm.matches ? this.clock.at - this.clock.frame : 0;
  }

  // Between two frames only points move.
  glide() {
    this.glided = performance.now();
    if (!this.recording?.frames[this.shown] || !this.stage.draw(this.recording, this.shown, this.part())) return;
    this.painted += 1;
    this.root.dataset.painted = this.painted;
  }

  // The sentence is for reading: it changes at most twice a second, and is read out more rarely.
  say(frame) {
    const now = performance.now(), rests = !this.clock.playing;
    if (this.sentence.textContent !== frame.says && (rests || now - (this.written ?? -1e4) > 500)) {
      this.sentence.textContent = frame.says;
      this.written = now;
    }
    if (this.news.textContent !== frame.says && (rests || now - (this.announced ?? -1e4) > 5000)) {
      this.news.textContent = frame.says;
      this.announced = now;
    }
    const titles = frame.panels.map((panel) => panel.title).join(", ");
    put(this.stage.node, "aria-label", `${frame.scene.title ? `${frame.scene.title}: ` : ""}${titles}. ${this.sentence.textContent}`);
  }
}
