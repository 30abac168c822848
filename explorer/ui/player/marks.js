// Drawing: one function per kind of mark of explorer/scene.py, on a canvas in CSS pixels.
// explorer/draw/pillow_marks.py and plotly_scene.py follow the same rules.

import { sharp } from "../shared/canvas.js";
import { tag } from "../shared/element.js";
import { clamp } from "../shared/number.js";
import { FONT, drawAxes, endLabels } from "./axes.js";
import { mix, rgb, word } from "./colours.js";
import { LEVELS, NOTHING, nameOf, positions } from "./wire.js";

export const TINT = 0.45; // of a role's colour at the ends of a diverging field, so that points stay readable
const STRONG = 0.85; // at the coloured end of a sequential one
const THICK = 6, THICKNESSES = 8, FAINT = 0.35, ROOM = 220; // of links: pixels of the thickest, steps, opacity of the thinnest, height from which on

const classColour = (theme, index) => (index === 255 ? theme.roles.neutral : theme.classes[index % theme.classes.length]);

// Draw a whole panel. `keep(name, make)` remembers what was made of arrays and colours.
export function paint(canvas, panel, view, theme, hidden, keep, width, height) {
  const g = sharp(canvas, width, height, view.dpr);
  if (panel.kind === "chart") drawAxes(g, panel, view, theme);
  const shown = panel.marks.filter((mark) => !hidden.has(nameOf(mark)));
  const bars = shown.filter((mark) => mark.mark === "Bars");
  g.save();
  if (panel.kind !== "images") {
    g.beginPath();
    g.rect(view.box.x, view.box.y, view.box.w, view.box.h);
    g.clip();
  }
  for (const mark of shown) {
    g.save();
    DRAW[mark.mark]({ g, mark, panel, view, theme, keep, turn: bars.indexOf(mark), of: bars.length });
    g.restore();
  }
  g.restore();
  if (panel.kind === "chart") endLabels(g, panel, view, theme, hidden);
  else if (panel.kind === "plane") {
    g.strokeStyle = theme.surface.line;
    g.lineWidth = 1;
    g.strokeRect(view.box.x + 0.5, view.box.y + 0.5, view.box.w - 1, view.box.h - 1);
  }
}

const DRAW = {
  Field({ g, mark, panel, view, theme, keep }) {
    const values = panel.buffers[mark.values], classes = panel.buffers[mark.classes];
    const name = `field ${values.number} ${classes?.number} ${mark.ends ?? ""}`;
    g.imageSmoothingEnabled = true;
    g.imageSmoothingQuality = "high";
    g.drawImage(keep(name, () => fieldSheet(mark, values, classes, theme)), view.box.x, view.box.y, view.box.w, view.box.h);
  },

  Points({ g, mark, panel, view, theme }) {
    const xy = positions(panel, mark.xy), size = mark.size ?? 2.5;
    const classes = panel.buffers[mark.classes]?.data, groups = new Map();
    for (let i = 0; i < xy.length; i += 2) {
      const colour = classes ? classColour(theme, classes[i / 2]) : theme.roles[mark.role];
      let path = groups.get(colour);
      if (!path) groups.set(colour, (path = new Path2D()));
      dot(path, mark.shape, view.x(xy[i]), view.y(xy[i + 1]), size);
    }
    g.globalAlpha = mark.opacity ?? 0.7;
    g.lineWidth = 1.5;
    for (const [colour, path] of groups) {
      g.fillStyle = g.strokeStyle = colour;
      if (mark.shape === "cross" || mark.shape === "ring") g.stroke(path);
      else g.fill(path);
    }
  },

  Curve({ g, mark, panel, view, theme }) {
    const xy = panel.buffers[mark.xy].data, band = panel.buffers[mark.band]?.data;
    g.strokeStyle = g.fillStyle = theme.roles[mark.role];
    if (band) {
      g.beginPath();
      for (let i = 0; i < band.length; i += 2) g.lineTo(view.x(xy[i]), view.y(band[i + 1]));
      for (let i = band.length - 2; i >= 0; i -= 2) g.lineTo(view.x(xy[i]), view.y(band[i]));
      g.globalAlpha = 0.18;
      g.fill();
      g.globalAlpha = 1;
    }
    g.beginPath();
    let drawing = false;
    for (let i = 0; i < xy.length; i += 2) {
      const x = view.x(xy[i]), y = view.y(xy[i + 1]), there = isFinite(x) && isFinite(y);
      if (there && drawing) g.lineTo(x, y);
      else if (there) g.moveTo(x, y);
      drawing = there;
    }
    if (mark.dashed || mark.role === "truth") g.setLineDash([6, 4]);
    g.lineWidth = mark.width ?? 2;
    g.lineJoin = "round";
    g.stroke();
  },

  Arrows({ g, mark, panel, view, theme }) {
    const xy = positions(panel, mark.xy), uv = panel.buffers[mark.uv].data;
    const shafts = new Path2D(), heads = new Path2D();
    for (let i = 0; i < xy.length; i += 2) {
      const x = view.x(xy[i]), y = view.y(xy[i + 1]);
      const X = view.x(xy[i] + uv[i]), Y = view.y(xy[i + 1] + uv[i + 1]), size = Math.hypot(X - x, Y - y);
      if (!(size > 0.7)) continue;
      const dx = (X - x) / size, dy = (Y - y) / size, head = Math.min(5, size * 0.45);
      const footX = X - dx * head, footY = Y - dy * head;
      shafts.moveTo(x, y);
      shafts.lineTo(footX, footY);
      heads.moveTo(X, Y);
      heads.lineTo(footX - (dy * head) / 2, footY + (dx * head) / 2);
      heads.lineTo(footX + (dy * head) / 2, footY - (dx * head) / 2);
      heads.closePath();
    }
    g.strokeStyle = g.fillStyle = theme.roles[mark.role];
    g.globalAlpha = 0.85;
    g.lineWidth = 1.2;
    if (mark.role === "truth") g.setLineDash([3, 2]);
    g.stroke(shafts);
    g.fill(heads);
  },

  Mesh({ g, mark, panel, view, theme }) {
    const xy = positions(panel, mark.xy), [rows, columns] = panel.buffers[mark.xy].shape;
    const to = (r, c, first) => {
      const i = 2 * (r * columns + c);
      g[first ? "moveTo" : "lineTo"](view.x(xy[i]), view.y(xy[i + 1]));
    };
    g.beginPath();
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to(r, c, c === 0);
    for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) to(r, c, r === 0);
    g.strokeStyle = theme.roles[mark.role];
    g.lineWidth = 1;
    g.globalAlpha = 0.75;
    g.stroke();
  },

  Images({ g, mark, panel, view, theme, keep }) {
    const pixels = panel.buffers[mark.pixels], sheet = keep(`images ${pixels.number}`, () => imageSheet(pixels, theme));
    const [, h, w] = pixels.shape;
    g.imageSmoothingEnabled = false;
    cellsOf(mark, panel, view).forEach((cell, i) => {
      g.drawImage(sheet, 0, i * h, w, h, cell.x, cell.y, cell.w, cell.h);
      if (mark.marked?.includes(i)) {
        g.strokeStyle = theme.roles[mark.role];
        g.lineWidth = 2;
        g.strokeRect(cell.x - 1, cell.y - 1, cell.w + 2, cell.h + 2);
      }
      if (mark.captions?.[i]) {
        g.fillStyle = theme.surface.text;
        g.font = FONT;
        g.textAlign = "center";
        g.fillText(mark.captions[i], cell.x + cell.w / 2, cell.y + cell.h + 12, cell.w);
      }
    });
  },

  // Links of equal colour and thickness together: as thick as |value|, coloured by its sign.
  Links({ g, mark, panel, view, theme }) {
    const values = panel.buffers[mark.values].data, groups = new Map(), [low, high] = mark.ends ?? ["model", "real"];
    linksOf(mark, panel, view).forEach(([x, y, X, Y], i) => {
      const level = Math.ceil(THICKNESSES * Math.min(1, Math.abs(values[i]) / (mark.high || 1)));
      if (!(level > 0)) return;
      const key = 2 * level + (values[i] < 0 ? 0 : 1);
      let path = groups.get(key);
      if (!path) groups.set(key, (path = new Path2D()));
      path.moveTo(x, y);
      path.bezierCurveTo((x + X) / 2, y, (x + X) / 2, Y, X, Y);
    });
    for (const [key, path] of [...groups].sort(([a], [b]) => a - b)) {
      const part = Math.floor(key / 2) / THICKNESSES;
      g.strokeStyle = theme.roles[key % 2 ? high : low];
      g.lineWidth = THICK * part * Math.min(1, view.box.h / ROOM);
      g.globalAlpha = FAINT + (1 - FAINT) * part;
      g.stroke(path);
    }
  },

  Maps({ g, mark, panel, view, theme, keep }) {
    const blob = panel.buffers[mark.values], [n, h, w] = blob.shape;
    const sheet = keep(`maps ${blob.number} ${mark.ends ?? ""}`, () => fieldSheet(mark, { data: blob.data, shape: [n * h, w] }, null, theme));
    g.imageSmoothingEnabled = true;
    cellsOf({ ...mark, pixels: mark.values, smooth: true }, panel, view).forEach((cell, i) => {
      g.drawImage(sheet, 0, (n - 1 - i) * h, w, h, cell.x, cell.y, cell.w, cell.h);
      g.strokeStyle = mark.marked?.includes(i) ? theme.roles[mark.role] : theme.surface.line;
      g.lineWidth = mark.marked?.includes(i) ? 2 : 1;
      g.strokeRect(cell.x - 0.5, cell.y - 0.5, cell.w + 1, cell.h + 1);
    });
  },

  Bars({ g, mark, panel, view, theme, turn, of }) {
    const values = panel.buffers[mark.values].data, classes = panel.buffers[mark.classes]?.data;
    const slot = view.box.w / values.length, width = Math.max(1, (slot * 0.8) / of), zero = view.y(0);
    values.forEach((value, i) => {
      const x = view.box.x + slot * (i + 0.1) + width * turn, y = view.y(value);
      g.fillStyle = g.strokeStyle = classes ? classColour(theme, classes[i]) : theme.roles[mark.role];
      if (mark.role === "truth") {
        g.setLineDash([4, 3]);
        g.lineWidth = 1.5;
        g.strokeRect(x, Math.min(y, zero), width, Math.abs(zero - y));
      } else {
        g.globalAlpha = 0.85;
        g.fillRect(x, Math.min(y, zero), width, Math.abs(zero - y));
      }
    });
  },

  // The words of a panel are as large as the longest of them fits.
  Text({ g, mark, panel, view, theme }) {
    g.font = FONT;
    view.letters ??= Math.min(1, ...panel.marks.filter((each) => each.mark === "Text").map((each) => (view.box.w - 4) / g.measureText(each.text).width));
    g.font = FONT.replace("12px", `${12 * view.letters}px`);
    g.textAlign = "center";
    g.fillStyle = mark.role === "neutral" ? theme.surface.text : theme.roles[mark.role];
    const { box } = view, half = g.measureText(mark.text).width / 2 + 2;
    g.fillText(mark.text, clamp(view.x(mark.xy[0]), box.x + half, box.x + box.w - half), clamp(view.y(mark.xy[1]) + 4, box.y + 10, box.y + box.h - 3));
  },
};

// Both ends of each link, in pixels.
export function linksOf(mark, panel, view) {
  const xy = positions(panel, mark.xy), uv = panel.buffers[mark.uv].data, ends = [];
  for (let i = 0; i < xy.length; i += 2) {
    ends.push([view.x(xy[i]), view.y(xy[i + 1]), view.x(xy[i] + uv[i]), view.y(xy[i + 1] + uv[i + 1])]);
  }
  return ends;
}

function dot(path, shape, x, y, size) {
  if (shape === "cross") {
    path.moveTo(x - size, y - size);
    path.lineTo(x + size, y + size);
    path.moveTo(x - size, y + size);
    path.lineTo(x + size, y - size);
  } else if (shape === "square") path.rect(x - size, y - size, 2 * size, 2 * size);
  else {
    path.moveTo(x + size, y);
    path.arc(x, y, size, 0, 7);
  }
}

// 256 colours from the low to the high of a field.
function fieldScale(ends, theme) {
  const back = rgb(theme.surface.background), [low, high] = ends.map((role) => rgb(theme.roles[role]));
  const at = (t) => {
    if (ends[0] === "neutral") return mix(back, high, STRONG * t);
    if (ends[1] === "neutral") return mix(back, low, STRONG * (1 - t));
    return t < 0.5 ? mix(back, low, TINT * (1 - 2 * t)) : mix(back, high, TINT * (2 * t - 1));
  };
  return Uint32Array.from({ length: 256 }, (_, i) => word(i === NOTHING ? back : at(i / LEVELS)));
}

function fieldSheet(mark, { data, shape: [rows, columns] }, classes, theme) {
  const image = new ImageData(columns, rows), out = new Uint32Array(image.data.buffer);
  const back = rgb(theme.surface.background), own = theme.classes.map(rgb);
  const scale = classes ? null : fieldScale(mark.ends ?? ["model", "real"], theme);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
    const i = r * columns + c; // row 0 lies at the bottom, in pictures at the top
    out[(rows - 1 - r) * columns + c] = scale ? scale[data[i]]
      : word(mix(back, own[classes.data[i] % own.length], data[i] === NOTHING ? 0 : (TINT * data[i]) / LEVELS));
  }
  return sheetOf(image);
}

// All images of a mark below one another, in the colours of the theme: grey is ink on paper.
export function imageSheet({ data, shape: [n, h, w, colours] }, theme) {
  const image = new ImageData(w, n * h), out = new Uint32Array(image.data.buffer);
  const paper = rgb(theme.surface.panel), ink = rgb(theme.surface.text);
  const shades = Uint32Array.from({ length: 256 }, (_, v) => word(mix(paper, ink, v / 255)));
  for (let i = 0; i < out.length; i++) {
    out[i] = colours ? word([data[3 * i], data[3 * i + 1], data[3 * i + 2]]) : shades[data[i]];
  }
  return sheetOf(image);
}

function sheetOf(image) {
  const canvas = tag("canvas", "", { width: image.width, height: image.height });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// Where each image lies: hard pixels at whole multiples (smaller where there is no room), in a grid
// or centred on its point.
export function cellsOf(mark, panel, view) {
  const [n, h, w] = panel.buffers[mark.pixels].shape, cells = [], { box } = view;
  if (mark.at !== undefined) {
    const xy = panel.buffers[mark.at].data, tall = Math.abs(view.y(mark.height) - view.y(0));
    const H = mark.smooth || tall < h ? tall : Math.round(tall / h) * h, W = (H * w) / h;
    for (let i = 0; i < n; i++) {
      cells.push({ x: Math.round(view.x(xy[2 * i]) - W / 2), y: Math.round(view.y(xy[2 * i + 1]) - H / 2), w: W, h: H });
    }
    return cells;
  }
  const columns = Math.min(n, mark.columns ?? 8), rows = Math.ceil(n / columns), foot = mark.captions?.length ? 16 : 0;
  const most = Math.min((box.w - 4 * (columns - 1)) / (columns * w), (box.h - (4 + foot) * rows) / (rows * h));
  const scale = most >= 1 ? Math.floor(most * view.dpr) / view.dpr : most;
  const gap = clamp(Math.round(scale), 2, 4), W = w * scale, H = h * scale;
  const x0 = box.x + (box.w - columns * W - (columns - 1) * gap) / 2;
  const y0 = box.y + Math.max(0, (box.h - rows * (H + foot) - (rows - 1) * gap) / 2);
  const sharp = (p) => Math.round(p * view.dpr) / view.dpr;
  for (let i = 0; i < n; i++) {
    cells.push({ x: sharp(x0 + (i % columns) * (W + gap)), y: sharp(y0 + Math.floor(i / columns) * (H + gap + foot)), w: W, h: H });
  }
  return cells;
}
