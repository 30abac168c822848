// What stands under the picture: the bar to play with, and the legend.

import { button, put, tag, write } from "../shared/element.js";
import { whole } from "../shared/number.js";
import { nameOf } from "./wire.js";

const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
const ICONS = {
  play: icon("M8 5v14l11-7z"),
  pause: icon("M7 5h4v14H7zM13 5h4v14h-4z"),
  again: icon("M12 5V1L7 6l5 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z"),
  back: icon("M6 5h2.5v14H6zM19 5v14l-9-7z"),
  next: icon("M15.500 5H18v14h-2.500zM5 5v14l9-7z"),
};
const SIGNS = "negative | positive"; // what the colours of links mean
const SPEEDS = [0.5, 1, 2, 4];

export class Bar {
  // `act` holds toggle(), step(by), seek(to), follow() and speed(times).
  constructor(parent, act) {
    const key = (kind, label, html, click) => {
      const node = button(kind, { "aria-label": label, title: label });
      node.innerHTML = html;
      node.onclick = click;
      return node;
    };
    this.play = key("play", "Pause", ICONS.pause, () => act.toggle());
    this.back = key("back", "One frame back", ICONS.back, () => act.step(-1));
    this.next = key("next", "One frame forward", ICONS.next, () => act.step(1));
    this.scrub = tag("input", "scrub", { type: "range", min: 0, max: 1, step: 1, value: 0, "aria-label": "Time in the run" });
    this.scrub.oninput = () => act.seek(+this.scrub.value);
    this.step = tag("span", "step");
    this.live = key("live", "Follow the run as it trains", "", () => act.follow());
    this.speed = tag("select", "speed", { "aria-label": "Speed", title: "Speed" });
    this.speed.append(...SPEEDS.map((times) => tag("option", "", { value: times }, `${times}×`)));
    this.speed.value = 1;
    this.speed.onchange = () => act.speed(+this.speed.value);
    this.node = tag("div", "bar", {}, this.play, this.back, this.next, this.scrub, this.step, this.live, this.speed);
    parent.append(this.node);
  }

  show(clock, recording, index, header) {
    const frame = recording.frames[index], final = clock.over ? recording.frames.at(-1).step : null;
    const [symbol, label] = clock.playing ? ["pause", "Pause"] : clock.over && clock.edge ? ["again", "Play again"] : ["play", "Play"];
    if (this.symbol !== symbol) {
      this.symbol = symbol;
      this.play.innerHTML = ICONS[symbol];
      for (const name of ["aria-label", "title"]) this.play.setAttribute(name, label);
    }
    const most = Math.max(1, clock.over ? clock.last : Math.max(clock.last, (header.expected ?? 1) - 1));
    if (+this.scrub.max !== most) this.scrub.max = most;
    if (+this.scrub.value !== index) this.scrub.value = index;
    this.scrub.style.setProperty("--done", `${(100 * index) / most}%`);
    this.scrub.style.setProperty("--there", `${(100 * clock.last) / most}%`);
    const rising = final !== null && final > recording.frames[0].step; // a noise level falls
    const progress = `${frame.scene.unit} ${whole(frame.step)}${rising && recording.frames.length > 1 ? ` of ${whole(final)}` : ""}`;
    write(this.step, progress);
    put(this.scrub, "aria-valuetext", progress);
    const state = stateOf(clock, header);
    write(this.live, { training: header.shared ? `live, shared with ${header.shared}` : "live", behind: "go live", paused: "paused", over: "", failed: "stopped" }[state]);
    this.live.hidden = state === "over";
    this.live.dataset.state = state;
    put(this.live, "aria-pressed", String(state === "training"));
  }
}

export function stateOf(clock, header) {
  if (header.failed) return "failed";
  if (clock.over) return "over";
  if (clock.wants === "rest") return "paused";
  return clock.mode === "follow" ? "training" : "behind";
}

// Buttons that show and hide marks, by name; hidden ones stay hidden in later runs.
export class Legend {
  constructor(parent, changed) {
    this.node = tag("div", "legend", { role: "group", "aria-label": "Show or hide" });
    parent.append(this.node);
    this.hidden = new Set();
    this.changed = changed;
    this.key = "";
  }

  show(recording) {
    const marks = new Map();
    for (const panel of recording.templates) {
      for (const mark of panel?.marks ?? []) {
        if (mark.name && mark.mark !== "Text" && !marks.has(nameOf(mark))) marks.set(nameOf(mark), mark);
      }
    }
    const key = [...marks.keys()].join();
    if (key === this.key) return;
    this.key = key;
    this.node.hidden = marks.size < 2 && ![...marks.values()].some((mark) => mark.meaning);
    this.node.replaceChildren(...[...marks].map(([name, mark]) => this.button(name, mark)));
  }

  button(name, mark) {
    const swatch = tag("i", `swatch ${mark.mark} ${mark.shape ?? ""} ${mark.dashed || mark.role === "truth" ? "dashed" : ""}`);
    swatch.style.setProperty("--colour", `var(--${mark.role ?? "neutral"})`);
    const node = button("", { "aria-pressed": String(!this.hidden.has(name)) });
    if (["Field", "Links", "Maps"].includes(mark.mark) && !mark.classes) {
      const [a, b] = mark.ends ?? ["model", "real"], [low, high] = (mark.meaning ?? (mark.mark === "Links" ? SIGNS : "")).split("|").map((part) => part.trim());
      swatch.style.setProperty("--ends", `var(--${a}-end), var(--st-background-color), var(--${b}-end)`);
      if (a === "neutral") swatch.style.setProperty("--ends", `var(--st-background-color), var(--${b}-end)`);
      if (b === "neutral") swatch.style.setProperty("--ends", `var(--${a}-end), var(--st-background-color)`);
      if (high) node.append(tag("span", "", {}, low), swatch, tag("span", "", {}, high));
      else node.append(swatch, tag("span", "", {}, mark.meaning || mark.name));
      node.setAttribute("aria-label", `${mark.name}${mark.meaning ? `: ${mark.meaning.replace("|", "to")}` : ""}`);
    } else node.append(swatch, tag("span", "", {}, mark.name));
    node.onclick = () => {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      node.setAttribute("aria-pressed", String(!this.hidden.has(name)));
      this.changed();
    };
    return node;
  }
}
