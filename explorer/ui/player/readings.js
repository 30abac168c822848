// The readings: value, history over the run, and where a perfect model would be.

import { sharp } from "../shared/canvas.js";
import { button, put, tag, write } from "../shared/element.js";
import { clamp, three } from "../shared/number.js";

export class Readings {
  constructor(parent) {
    this.node = tag("div", "readings", { role: "group", "aria-label": "Readings" });
    parent.append(this.node);
    this.boxes = [];
  }

  show(recording, index, theme) {
    const frame = recording.frames[index], { readings } = frame.scene;
    if (this.boxes.length !== readings.length) {
      this.boxes = readings.map(() => readingBox());
      this.node.replaceChildren(...this.boxes.map((box) => box.node));
    }
    this.node.hidden = !readings.length;
    readings.forEach((reading, i) => this.fill(this.boxes[i], reading, recording, index, i, theme));
  }

  fill(box, reading, recording, index, i, theme) {
    const value = recording.frames[index].values[i], floor = reading.floor;
    write(box.name, reading.label);
    write(box.value, three(value));
    write(box.unit, reading.unit);
    write(box.bound, boundOf(reading));
    write(box.times, timesOf(reading, value));
    box.help.hidden = !reading.help;
    put(box.help, "aria-label", `About ${reading.label}: ${reading.help}`);
    write(box.words, reading.help);
    // The history grows with the recording, the dot moves with the frame.
    const [low, high] = recording.ranges[i] ?? [0, 1];
    const log = low > 0 && high / low > 30;
    const at = (v) => ((log ? Math.log(v / low) : v - low) / ((log ? Math.log(high / low) : high - low) || 1));
    const wide = box.canvas.clientWidth, tall = box.canvas.clientHeight;
    if (!wide) return;
    const g = sharp(box.canvas, wide, tall);
    const y = (v) => tall - 5 - clamp(at(v), 0, 1) * (tall - 10);
    const x = (k) => 4 + (k / Math.max(1, recording.frames.length - 1)) * (wide - 8);
    if (floor && floor.every((v) => typeof v === "number")) floorBand(g, y(floor[1]), y(floor[0]), wide, theme);
    g.beginPath();
    recording.frames.forEach((frame, k) => {
      if (typeof frame.values[i] === "number") g.lineTo(x(k), y(frame.values[i]));
    });
    g.strokeStyle = theme.roles.neutral;
    g.lineWidth = 1.5;
    g.lineJoin = "round";
    g.stroke();
    if (typeof value !== "number") return;
    g.beginPath();
    g.arc(x(index), y(value), 4, 0, 7);
    g.fillStyle = theme.surface.text;
    g.fill();
  }
}

function floorBand(g, top, bottom, wide, theme) {
  g.fillStyle = theme.roles.truth;
  g.globalAlpha = 0.12;
  g.fillRect(0, top, wide, bottom - top);
  g.globalAlpha = 1;
  g.strokeStyle = theme.roles.truth;
  g.lineWidth = 1.25;
  g.setLineDash([4, 3]);
  g.beginPath();
  for (const y of top === bottom ? [top] : [top, bottom]) {
    g.moveTo(0, y);
    g.lineTo(wide, y);
  }
  g.stroke();
  g.setLineDash([]);
}

function boundOf({ floor, bound }) {
  if (!floor || floor.some((v) => typeof v !== "number")) return "";
  const [low, high] = floor;
  return low === high ? `${bound}: ${three(low)}` : `${bound}: ${three(low)} to ${three(high)}`;
}

// How far from the truth, in units of the floor: nothing inside it, or where less is not better.
function timesOf({ floor, better, usual }, value) {
  if (better !== "low" || !floor || typeof value !== "number") return "";
  const [low, high] = floor;
  if (!(high > low) || !(low >= 0) || value <= high) return "";
  return `${three(+(value / (usual ?? (low + high) / 2)).toPrecision(2))} × floor`;
}

function readingBox() {
  const times = tag("span", "times");
  const name = tag("span", "name"), value = tag("b"), unit = tag("span", "unit"), bound = tag("small");
  const words = tag("span", "words", { role: "tooltip" });
  const help = button("help", {}, tag("span", "mark", {}, "?"));
  const canvas = tag("canvas", "", { "aria-hidden": "true" });
  const node = tag("div", "reading", {}, tag("div", "head", {}, name, times, help), tag("div", "now", {}, value, unit), canvas, bound, words);
  return { node, name, times, value, unit, bound, help, words, canvas };
}
