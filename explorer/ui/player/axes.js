// How a panel's units lie on its canvas, and what stands along its axes.
// explorer/draw/axes.py follows the same rules.

import { three } from "../shared/number.js";
import { nameOf } from "./wire.js";

export const FONT = "12px 'Source Sans', 'Source Sans Pro', system-ui, sans-serif";

const LETTER = 7; // pixels that a letter of a label takes, generously
const MOST_ROOM = 0.28; // of the width of a chart that names of curves may take

// x(v), y(v) from units to CSS pixels and ux(p), uy(p) back, inside `box`.
export function viewOf(panel, limits, width, height) {
  const names = panel.kind === "chart" ? endRoom(panel, width) : 0;
  const room = panel.kind === "chart"
    ? { l: panel.ylabel ? 56 : 42, r: Math.max(12, names), t: 8, b: panel.xlabel ? 36 : 22 }
    : { l: 1, r: 1, t: 1, b: 1 };
  const box = { x: room.l, y: room.t, w: width - room.l - room.r, h: height - room.t - room.b };
  const [x0, x1] = limitsOf(panel.xlim, limits.x, panel.log_x);
  const [y0, y1] = limitsOf(panel.ylim, limits.y, panel.log_y);
  if (panel.kind === "plane") {
    const scale = Math.min(box.w / (x1 - x0), box.h / (y1 - y0));
    const [w, h] = [scale * (x1 - x0), scale * (y1 - y0)];
    Object.assign(box, { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h });
  }
  const log = (v, is) => (is ? Math.log10(v) : v), exp = (v, is) => (is ? 10 ** v : v);
  return {
    box, x0, x1, y0, y1, room: names,
    x: (v) => box.x + ((log(v, panel.log_x) - x0) / (x1 - x0)) * box.w,
    y: (v) => box.y + box.h - ((log(v, panel.log_y) - y0) / (y1 - y0)) * box.h,
    ux: (p) => exp(x0 + ((p - box.x) / box.w) * (x1 - x0), panel.log_x),
    uy: (p) => exp(y0 + ((box.y + box.h - p) / box.h) * (y1 - y0), panel.log_y),
  };
}

function limitsOf(own, fitted, log) {
  let [low, high] = own ? own.map((v) => (log ? Math.log10(Math.max(v, 1e-12)) : v)) : fitted;
  if (!isFinite(low) || !isFinite(high)) [low, high] = [0, 1];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  if (!own && !log) {
    const margin = (high - low) * 0.04;
    [low, high] = [low === 0 ? 0 : low - margin, high + margin];
  }
  return [low, high];
}

// Round numbers between low and high, about `most` of them.
function ticks(low, high, most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? raw;
  const out = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-6; i++) out.push(+(i * step).toPrecision(12));
  return out;
}

// The powers of ten between two logarithms.
function decades(low, high) {
  const out = [];
  for (let p = Math.ceil(low - 1e-9); p <= high + 1e-9; p++) out.push(10 ** p);
  return out;
}

export function drawAxes(g, panel, view, theme) {
  const { box } = view;
  g.font = FONT;
  g.lineWidth = 1;
  g.strokeStyle = theme.surface.line;
  g.fillStyle = theme.roles.neutral;
  g.textAlign = "right";
  for (const t of panel.log_y ? decades(view.y0, view.y1) : ticks(view.y0, view.y1, box.h / 46)) {
    const y = Math.round(view.y(t)) + 0.5;
    g.beginPath();
    g.moveTo(box.x, y);
    g.lineTo(box.x + box.w, y);
    g.stroke();
    g.fillText(three(t), box.x - 5, y + 4);
  }
  g.textAlign = "center";
  const bars = panel.marks.find((mark) => mark.mark === "Bars");
  if (bars) barLabels(g, bars, box);
  else {
    for (const t of panel.log_x ? decades(view.x0, view.x1) : ticks(view.x0, view.x1, box.w / 70)) {
      const half = g.measureText(three(t)).width / 2;
      g.fillText(three(t), Math.min(view.x(t), box.x + box.w + 12 - half), box.y + box.h + 14);
    }
  }
  if (panel.xlabel) g.fillText(panel.xlabel, box.x + box.w / 2, box.y + box.h + 30, box.w + 20);
  if (panel.ylabel) {
    g.save();
    g.translate(12, box.y + box.h / 2);
    g.rotate(-Math.PI / 2);
    g.fillText(panel.ylabel, 0, 0, box.h + 16);
    g.restore();
  }
}

// As many names under the bars as there is room for.
function barLabels(g, bars, box) {
  const labels = bars.labels ?? [], slot = box.w / Math.max(1, labels.length);
  const widest = Math.max(1, ...labels.map((label) => g.measureText(label).width));
  const every = Math.ceil((widest + 6) / slot);
  labels.forEach((label, i) => {
    if (i % every === 0) g.fillText(label, box.x + slot * (i + 0.5), box.y + box.h + 14);
  });
}

const endLabel = (mark) => (mark.mark === "Curve" ? mark.label ?? mark.name : "");

// Pixels beside the axes for the names of curves: 0 where they would take too much.
function endRoom(panel, width) {
  const longest = Math.max(0, ...panel.marks.map((mark) => endLabel(mark).length)), room = 8 + LETTER * longest;
  return longest && room <= MOST_ROOM * width ? room : 0;
}

// Names at the ends of the curves, pushed apart so that none covers another: behind the end, in the
// room beside the axes; without that above it. As many as the height has room for.
export function endLabels(g, panel, view, theme, hidden) {
  const labels = [], { box } = view;
  g.font = "600 " + FONT;
  for (const mark of panel.marks) {
    const text = endLabel(mark);
    if (!text || hidden.has(nameOf(mark))) continue;
    const xy = panel.buffers[mark.xy].data, wide = g.measureText(text).width;
    let i = xy.length - 2;
    while (i >= 0 && !(isFinite(view.x(xy[i])) && isFinite(view.y(xy[i + 1])))) i -= 2;
    if (i < 0) continue;
    const x = view.x(xy[i]), y = view.y(xy[i + 1]) + (view.room ? 4 : -7);
    const ends = view.room ? Math.min(x + 5, box.x + box.w + 5) + wide : Math.min(x, box.x + box.w - 2);
    const right = Math.max(ends, box.x + wide + 4);
    labels.push({ text, left: right - wide, right, y, colour: theme.roles[mark.role] });
  }
  labels.sort((a, b) => a.y - b.y);
  labels.splice(Math.max(1, Math.floor(box.h / 14)));
  const meets = (a) => (b) => a !== b && a.left < b.right + 4 && b.left < a.right + 4;
  labels.forEach((label, i) => {
    const above = labels.slice(0, i).filter(meets(label)).map((other) => other.y + 14);
    label.y = Math.max(label.y, box.y + 10, ...above);
  });
  [...labels].reverse().forEach((label, i, upwards) => {
    const below = upwards.slice(0, i).filter(meets(label)).map((other) => other.y - 14);
    label.y = Math.min(label.y, box.y + box.h - 4, ...below);
  });
  g.textAlign = "right";
  g.lineWidth = 3;
  g.lineJoin = "round";
  g.strokeStyle = theme.surface.background;
  for (const { text, right, y, colour } of labels) {
    g.strokeText(text, right, y);
    g.fillStyle = colour;
    g.fillText(text, right, y);
  }
}
