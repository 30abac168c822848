// Where everything of a scene lies, in CSS pixels. Panels stand in rows; those of a row are equally
// tall, planes keep their aspect, charts and pictures take the width that is left over. Where a row
// does not fit it is broken into even lines, in order.

import { clamp } from "../shared/number.js";

const TITLE = 22; // above a panel
export const WIDE = 700; // from here on a picture has room for arrows between its panels

// How wide a panel would like to be, for each pixel of its height, and at most.
function shapeOf(panel) {
  if (panel.kind === "chart") return { like: 1.35 * panel.span, most: 4 * panel.span, least: 230 };
  if (panel.kind === "images") {
    const like = clamp(imagesAspect(panel), 0.5, 3.2);
    return { like, most: like * 1.15, least: 140 };
  }
  const [w, h] = [panel.xlim, panel.ylim].map((limits) => (limits ? limits[1] - limits[0] : 1));
  return { like: w / h, most: w / h, least: 140 * panel.span };
}

export function imagesAspect(panel) {
  const mark = panel.marks.find((each) => each.mark === "Images" && each.at === undefined);
  const shape = mark && panel.buffers?.[mark.pixels]?.shape;
  if (!shape) return 1;
  const columns = Math.min(shape[0], mark.columns ?? 8), rows = Math.ceil(shape[0] / columns);
  return (columns * (shape[2] + 2)) / (rows * (shape[1] + 2));
}

// Lay panels out over `width`: { slots: [{ x, y, top, w, h, line }], flows, height }.
// `foot(index, width)` is the height of what stands under a panel.
export function arrange(scene, panels, width, foot) {
  const linked = scene.flows.length > 0 && width > WIDE;
  const gap = linked ? gapOf(scene) : width > WIDE ? 20 : 12;
  const lines = brokenLines(scene.rows, panels, width, gap);
  const tall = tallOf(lines.length, width), slots = [];
  lines.forEach((line, number) => {
    const charts = line.every((i) => panels[i].kind === "chart");
    const most = charts && lines.length > 1 && width > WIDE ? 0.72 * tall : tall;
    const { widths, height, slack } = share(line.map((i) => shapeOf(panels[i])), width, gap, most);
    const apart = Math.min(slack, gap); // beyond the gap; what is left over stays outside
    let x = (slack * line.length - apart * (line.length - 1)) / 2;
    line.forEach((i, k) => {
      slots[i] = { x: Math.round(x), w: Math.floor(widths[k]), h: height, line: number };
      x += widths[k] + gap + apart;
    });
  });
  const flows = linked ? planned(scene.flows, slots) : [];
  let y = 0;
  lines.forEach((line, number) => {
    const own = flows.filter((flow) => flow.line === number);
    const lanes = own.filter((flow) => flow.kind === "lane").length;
    for (const i of line) Object.assign(slots[i], { y, top: y + TITLE, foot: foot(i, slots[i].w) });
    y = Math.max(...line.map((i) => slots[i].top + slots[i].h + slots[i].foot));
    for (const flow of own) flow.y = y + 12 + 22 * (flow.lane ?? 0);
    if (lanes) y += 10 + 22 * lanes;
    else if (own.some((flow) => flow.kind === "down")) y += 30;
    else if (number < lines.length - 1) y += 14;
  });
  return { slots, flows, height: y };
}

// How each flow runs: across the gap between neighbours, straight up or down to a line beside its
// own, or along a lane under the upper one of its lines.
function planned(flows, slots) {
  const lanes = new Map(), taken = [], docked = slots.map(() => 0);
  const dock = (i) => slots[i].x + slots[i].w / 2 + [0, 14, -14, 28, -28][docked[i]++ % 5];
  return flows.map((flow, index) => {
    const a = slots[flow.source], b = slots[flow.target], line = Math.min(a.line, b.line);
    const back = flows.some((other) => other.source === flow.target && other.target === flow.source);
    if (a.line === b.line && Math.abs(flow.source - flow.target) === 1) return { index, kind: "across", back };
    const left = Math.max(a.x, b.x), right = Math.min(a.x + a.w, b.x + b.w);
    if (Math.abs(a.line - b.line) === 1 && right - left > 40) {
      let x = (left + right) / 2;
      while (taken.some((other) => other.line === line && Math.abs(other.x - x) < 60)) x += 64;
      if (x < right) {
        taken.push({ line, x });
        return { index, kind: "down", line, x0: x, x1: x };
      }
    }
    const lane = lanes.get(line) ?? 0;
    lanes.set(line, lane + 1);
    return { index, kind: "lane", line, lane, x0: dock(flow.source), x1: dock(flow.target) };
  });
}

// How tall a line of panels may be, so that a picture of one or two lines fits on a screen.
function tallOf(lines, width) {
  if (width <= WIDE) return 420;
  const part = [0.4, 0.4, 0.25, 0.22][Math.min(lines, 3)];
  return clamp(part * window.innerHeight, 200, lines > 1 ? 300 : 460);
}

function gapOf(scene) {
  const longest = Math.max(0, ...scene.flows.flatMap((flow) => flow.label.split(" ").map((part) => part.length)));
  return clamp(16 + 6.5 * longest, 34, 72);
}

function brokenLines(rows, panels, width, gap) {
  const lines = [];
  let start = 0;
  for (const count of rows) {
    const row = panels.slice(start, start + count).map((_, i) => start + i);
    let parts = 1;
    while (parts < count && !evenly(row, parts).every((line) => fits(line, panels, width, gap))) parts++;
    lines.push(...evenly(row, parts));
    start += count;
  }
  return lines;
}

const evenly = (row, parts) => {
  const size = Math.ceil(row.length / parts);
  return Array.from({ length: Math.ceil(row.length / size) }, (_, i) => row.slice(i * size, (i + 1) * size));
};

function fits(line, panels, width, gap) {
  return line.reduce((sum, i) => sum + shapeOf(panels[i]).least, gap * (line.length - 1)) <= width;
}

function share(shapes, width, gap, tall) {
  const room = width - gap * (shapes.length - 1);
  const height = Math.floor(Math.min(tall, room / shapes.reduce((sum, shape) => sum + shape.like, 0)));
  const widths = shapes.map((shape) => shape.like * height);
  let left = room - widths.reduce((a, b) => a + b, 0);
  const elastic = shapes.map((shape, i) => Math.max(0, shape.most * height - widths[i]));
  const total = elastic.reduce((a, b) => a + b, 0);
  if (total > 0) {
    const used = Math.min(left, total);
    elastic.forEach((more, i) => { widths[i] += (used * more) / total; });
    left -= used;
  }
  return { widths, height, slack: Math.max(0, left) / shapes.length };
}
