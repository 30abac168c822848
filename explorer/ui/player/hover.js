// What lies under the pointer: lines of text, a place to ring, an image to enlarge.

import { tag } from "../shared/element.js";
import { clamp, three, whole } from "../shared/number.js";
import { cellsOf, imageSheet, linksOf } from "./marks.js";
import { LEVELS, NOTHING, nameOf, positions } from "./wire.js";

function under(panel, view, hidden, px, py) {
  const found = { lines: [], ring: null, rule: null, image: null };
  for (const mark of panel.marks) {
    if (!hidden.has(nameOf(mark))) UNDER[mark.mark]?.({ mark, panel, view, px, py, found });
  }
  const inside = px >= view.box.x && px <= view.box.x + view.box.w && py >= view.box.y && py <= view.box.y + view.box.h;
  if (panel.kind === "plane" && inside && found.lines.length) {
    found.lines.push(`at (${three(view.ux(px))}, ${three(view.uy(py))})`);
  }
  return found;
}

const UNDER = {
  Points({ mark, panel, view, px, py, found }) {
    const xy = positions(panel, mark.xy), at = nearest(xy, (i) => (view.x(xy[i]) - px) ** 2 + (view.y(xy[i + 1]) - py) ** 2, 144);
    if (at < 0) return;
    const values = panel.buffers[mark.values]?.data, classes = panel.buffers[mark.classes]?.data;
    const kind = classes && classes[at / 2] !== 255 ? `, class ${classes[at / 2]}` : "";
    const value = values ? `: ${three(values[at / 2])}` : "";
    found.lines.push(`${mark.name}${kind} (${three(xy[at])}, ${three(xy[at + 1])})${value}`);
    found.ring = [view.x(xy[at]), view.y(xy[at + 1])];
  },

  Field({ mark, panel, view, px, py, found }) {
    const { data, shape: [rows, columns] } = panel.buffers[mark.values], { box } = view;
    const c = Math.floor(((px - box.x) / box.w) * columns), r = Math.floor(((box.y + box.h - py) / box.h) * rows);
    if (r < 0 || r >= rows || c < 0 || c >= columns) return;
    const level = data[r * columns + c], value = mark.low + (level / LEVELS) * (mark.high - mark.low);
    // A level is a 254th of the range: three digits, but none that lie below half a level.
    const digits = clamp(Math.ceil(-Math.log10((mark.high - mark.low) / LEVELS)), 0, 6);
    const shown = level === NOTHING ? "–" : three(+value.toFixed(digits));
    const kind = panel.buffers[mark.classes]?.data[r * columns + c];
    found.lines.push(kind === undefined ? `${mark.name} ${shown}` : `${mark.name} ${kind}: ${shown}`);
  },

  Curve({ mark, panel, view, px, py, found }) {
    if (!mark.name) return;
    const xy = panel.buffers[mark.xy].data, chart = panel.kind === "chart";
    if (chart && xy.length === 4 && xy[1] === xy[3]) { // a line across: its x says nothing
      found.lines.push(`${mark.name} ${three(xy[1])}`);
      return;
    }
    const far = (i) => (isNaN(xy[i + 1]) ? Infinity : (view.x(xy[i]) - px) ** 2 + (chart ? 0 : (view.y(xy[i + 1]) - py) ** 2));
    const at = nearest(xy, far, chart ? 900 : 144);
    if (at < 0) return;
    const band = panel.buffers[mark.band]?.data, span = band ? `, ${three(band[at])} to ${three(band[at + 1])}` : "";
    found.lines.push(chart ? `${mark.name} ${three(xy[at + 1])}${span} at ${whole(xy[at])}` : mark.name);
    if (chart) found.rule = view.x(xy[at]);
  },

  Arrows({ mark, panel, view, px, py, found }) {
    const xy = positions(panel, mark.xy), uv = panel.buffers[mark.uv].data;
    const at = nearest(xy, (i) => (view.x(xy[i]) - px) ** 2 + (view.y(xy[i + 1]) - py) ** 2, 144);
    if (at >= 0) found.lines.push(`${mark.name} (${three(uv[at])}, ${three(uv[at + 1])})`);
  },

  Bars({ mark, panel, view, px, found }) {
    const values = panel.buffers[mark.values].data, i = Math.floor(((px - view.box.x) / view.box.w) * values.length);
    if (i >= 0 && i < values.length) found.lines.push(`${mark.labels?.[i] ?? i}: ${mark.name} ${three(values[i])}`);
  },

  Links({ mark, panel, view, px, py, found }) {
    const values = panel.buffers[mark.values].data, shares = [0.15, 0.3, 0.45, 0.55, 0.7, 0.85];
    let best = 64, at = -1;
    linksOf(mark, panel, view).forEach(([x, y, X, Y], i) => {
      for (const t of shares) {
        const s = 1 - t, along = s * s * s + 3 * s * s * t; // a Bezier curve with horizontal ends
        const cx = x * (s ** 3) + 1.5 * (x + X) * s * t + X * t ** 3, cy = y * along + Y * (1 - along);
        const d = (cx - px) ** 2 + (cy - py) ** 2;
        if (d < best) [best, at] = [d, i];
      }
    });
    if (at >= 0) found.lines.push(`${mark.labels?.[at] ?? mark.name}: ${three(values[at])}`);
  },

  Maps({ mark, panel, view, px, py, found }) {
    const cells = cellsOf({ ...mark, pixels: mark.values, smooth: true }, panel, view);
    const i = cells.findIndex((c) => px >= c.x && px <= c.x + c.w && py >= c.y && py <= c.y + c.h);
    if (i < 0) return;
    const { data, shape: [, h, w] } = panel.buffers[mark.values], cell = cells[i];
    const c = clamp(Math.floor(((px - cell.x) / cell.w) * w), 0, w - 1), r = clamp(Math.floor(((cell.y + cell.h - py) / cell.h) * h), 0, h - 1);
    const value = mark.low + (data[(i * h + r) * w + c] / LEVELS) * (mark.high - mark.low);
    found.lines.push(`${mark.labels?.[i] ?? mark.name}: ${three(value)}`);
  },

  Images({ mark, panel, view, px, py, found }) {
    const i = cellsOf(mark, panel, view).findIndex((c) => px >= c.x && px <= c.x + c.w && py >= c.y && py <= c.y + c.h);
    if (i < 0) return;
    found.image = { pixels: panel.buffers[mark.pixels], index: i };
    found.lines.push(mark.captions?.[i] ? `${mark.name}: ${mark.captions[i]}` : `${mark.name} ${i + 1}`);
  },
};

function nearest(xy, distance, most) {
  let best = most, at = -1;
  for (let i = 0; i < xy.length; i += 2) {
    const d = distance(i);
    if (d < best) [best, at] = [d, i];
  }
  return at;
}

// The box that follows the pointer over a stage, with a ring or a rule at what it speaks of.
export class Tip {
  constructor(stage) {
    this.box = tag("div", "tip", { "aria-hidden": "true" });
    this.ring = tag("i", "found", { "aria-hidden": "true" });
    this.rule = tag("i", "ruler", { "aria-hidden": "true" });
    stage.append(this.rule, this.ring, this.box);
    this.hide();
  }

  hide() {
    this.at = null;
    for (const node of [this.box, this.ring, this.rule]) node.hidden = true;
  }

  // Show what lies at (px, py) of a slot of the stage, and again on every new frame.
  show(slot, px, py, hidden, theme, wide) {
    const { panel, view } = slot;
    const { lines, ring, rule, image } = under(panel, view, hidden, px, py);
    if (!lines.length) return this.hide();
    this.at = { slot, px, py };
    this.box.replaceChildren(...lines.map((line) => tag("div", "", {}, line)));
    if (image) this.box.prepend(enlarged(image, theme));
    for (const node of [this.box, this.ring, this.rule]) node.hidden = false;
    this.ring.hidden = !ring;
    this.rule.hidden = rule === null;
    if (ring) Object.assign(this.ring.style, { left: `${slot.x + ring[0]}px`, top: `${slot.top + ring[1]}px` });
    if (rule !== null) {
      const { y, h } = view.box;
      Object.assign(this.rule.style, { left: `${slot.x + rule}px`, top: `${slot.top + y}px`, height: `${h}px` });
    }
    const x = slot.x + px, y = slot.top + py, { offsetWidth: w, offsetHeight: h } = this.box;
    const left = x + 16 + w > wide ? x - 16 - w : x + 16;
    Object.assign(this.box.style, { left: `${clamp(left, 0, Math.max(0, wide - w))}px`, top: `${Math.max(0, y - h / 2)}px` });
    return undefined;
  }
}

// One image at the largest whole multiple of at most about 128 pixels.
function enlarged({ pixels, index }, theme) {
  const [, h, w] = pixels.shape, times = Math.max(2, Math.floor(128 / Math.max(h, w)));
  const canvas = tag("canvas", "", { width: w * times, height: h * times });
  const g = canvas.getContext("2d");
  g.imageSmoothingEnabled = false;
  g.drawImage(imageSheet(pixels, theme), 0, index * h, w, h, 0, 0, w * times, h * times);
  return canvas;
}
