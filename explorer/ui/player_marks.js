// Drawing: one function per kind of mark of explorer/scene.py, on a 2-D canvas in CSS pixels.
const FONT = "12px 'Source Sans', 'Source Sans Pro', system-ui, sans-serif";
const TINT = 0.45; // how much of a role's colour the end of a field takes, so points stay readable

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);
const css = (c, alpha = 1) => `rgba(${c.map(Math.round).join(",")},${alpha})`;

export function three(value) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return size >= 100 ? String(Math.round(value)) : String(+value.toPrecision(3));
}

function ticks(low, high, most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? raw;
  const out = [];
  for (let t = Math.ceil(low / step) * step; t <= high + step * 1e-6; t += step) {
    out.push(Math.abs(t) < step * 1e-6 ? 0 : t);
  }
  return out;
}

function decades(low, high) {
  const out = [];
  for (let p = Math.ceil(low - 1e-9); p <= high + 1e-9; p++) out.push(10 ** p);
  return out;
}

// The smallest limits that hold every finite value that a chart has shown so far.
export function stretch(limits, panel, blobs) {
  const keep = (axis, value, log) => {
    if (!isFinite(value) || (log && value <= 0)) return;
    const v = log ? Math.log10(value) : value;
    limits[axis][0] = Math.min(limits[axis][0], v);
    limits[axis][1] = Math.max(limits[axis][1], v);
  };
  for (const mark of panel.marks) {
    if (mark.mark === "Bars") {
      keep("x", -0.5); keep("x", blobs[mark.values].length - 0.5); keep("y", 0);
      blobs[mark.values].forEach((v) => keep("y", v * 1.05));
    } else if (typeof mark.xy === "number") {
      const xy = blobs[mark.xy];
      for (let i = 0; i < xy.length; i += 2) {
        if (isNaN(xy[i]) || isNaN(xy[i + 1])) continue;
        keep("x", xy[i], panel.log_x);
        keep("y", xy[i + 1], panel.log_y);
      }
      if (mark.band !== undefined) blobs[mark.band].forEach((v) => keep("y", v, panel.log_y));
    }
  }
}

// Where a panel's units lie on its canvas: x(v), y(v) and back, inside `box`.
export function frameOf(panel, limits, width, height) {
  const chart = panel.kind === "chart";
  const room = chart ? { l: panel.ylabel ? 56 : 42, r: 12, t: 8, b: panel.xlabel ? 36 : 22 } : { l: 1, r: 1, t: 1, b: 1 };
  const box = { x: room.l, y: room.t, w: width - room.l - room.r, h: height - room.t - room.b };
  const fixed = (own, fit, log) => {
    let [low, high] = own ? own.map((v) => (log ? Math.log10(Math.max(v, 1e-12)) : v)) : fit;
    if (!isFinite(low) || !isFinite(high)) [low, high] = [0, 1];
    if (high - low < 1e-9) { low -= 0.5; high += 0.5; }
    if (!own && !log) { const pad = (high - low) * 0.04; high += pad; if (low !== 0) low -= pad; }
    return [low, high];
  };
  const [x0, x1] = fixed(panel.xlim, limits.x, panel.log_x);
  const [y0, y1] = fixed(panel.ylim, limits.y, panel.log_y);
  if (panel.kind === "plane") {
    const scale = Math.min(box.w / (x1 - x0), box.h / (y1 - y0));
    const [w, h] = [scale * (x1 - x0), scale * (y1 - y0)];
    Object.assign(box, { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h });
  }
  const lx = (v) => (panel.log_x ? Math.log10(v) : v);
  const ly = (v) => (panel.log_y ? Math.log10(v) : v);
  return {
    box, limits: [x0, x1, y0, y1],
    x: (v) => box.x + ((lx(v) - x0) / (x1 - x0)) * box.w,
    y: (v) => box.y + box.h - ((ly(v) - y0) / (y1 - y0)) * box.h,
    ux: (p) => { const v = x0 + ((p - box.x) / box.w) * (x1 - x0); return panel.log_x ? 10 ** v : v; },
    uy: (p) => { const v = y0 + ((box.y + box.h - p) / box.h) * (y1 - y0); return panel.log_y ? 10 ** v : v; },
  };
}

// int16 positions are spread over three spans of the panel (explorer/draw/wire.py).
export function positions(array, panel) {
  if (!(array instanceof Int16Array)) return array;
  const reach = 32767 / 1.5, out = new Float32Array(array.length);
  const [cx, cy] = [(panel.xlim[0] + panel.xlim[1]) / 2, (panel.ylim[0] + panel.ylim[1]) / 2];
  const [sx, sy] = [panel.xlim[1] - panel.xlim[0], panel.ylim[1] - panel.ylim[0]];
  for (let i = 0; i < array.length; i += 2) {
    out[i] = cx + (array[i] / reach) * sx;
    out[i + 1] = cy + (array[i + 1] / reach) * sy;
  }
  return out;
}

const draw = {
  Field(g, mark, at, panel, theme) {
    const values = at.blob(mark.values), [rows, columns] = at.shape(mark.values);
    const classes = mark.classes === undefined ? null : at.blob(mark.classes);
    const image = new ImageData(columns, rows), back = rgb(theme.surface.background);
    const [low, high] = (mark.ends ?? ["model", "real"]).map((role) => rgb(theme.roles[role]));
    const [lowIs, highIs] = mark.ends ?? ["model", "real"];
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
      const i = r * columns + c, t = values[i] / 255;
      let colour;
      if (classes) colour = mix(back, rgb(theme.classes[classes[i] % 10]), TINT * t);
      else if (lowIs === "neutral") colour = mix(back, high, 0.85 * t);
      else if (highIs === "neutral") colour = mix(back, low, 0.85 * (1 - t));
      else colour = t < 0.5 ? mix(back, low, TINT * (1 - 2 * t)) : mix(back, high, TINT * (2 * t - 1));
      image.data.set([...colour, 255], 4 * ((rows - 1 - r) * columns + c));
    }
    const small = new OffscreenCanvas(columns, rows);
    small.getContext("2d").putImageData(image, 0, 0);
    g.imageSmoothingEnabled = true;
    g.imageSmoothingQuality = "high";
    g.drawImage(small, at.box.x, at.box.y, at.box.w, at.box.h);
  },
  Points(g, mark, at, panel, theme) {
    const xy = positions(at.blob(mark.xy), panel), size = mark.size ?? 2.5;
    const classes = mark.classes === undefined ? null : at.blob(mark.classes);
    g.globalAlpha = mark.opacity ?? 0.7;
    const groups = new Map();
    for (let i = 0; i < xy.length / 2; i++) {
      const colour = classes ? theme.classes[classes[i] % 10] : theme.roles[mark.role];
      if (!groups.has(colour)) groups.set(colour, []);
      groups.get(colour).push(i);
    }
    for (const [colour, members] of groups) {
      g.beginPath();
      for (const i of members) {
        const x = at.x(xy[2 * i]), y = at.y(xy[2 * i + 1]);
        if (mark.shape === "cross") {
          g.moveTo(x - size, y - size); g.lineTo(x + size, y + size);
          g.moveTo(x - size, y + size); g.lineTo(x + size, y - size);
        } else if (mark.shape === "square") g.rect(x - size, y - size, 2 * size, 2 * size);
        else { g.moveTo(x + size, y); g.arc(x, y, size, 0, 7); }
      }
      g.fillStyle = g.strokeStyle = colour;
      g.lineWidth = 1.5;
      if (mark.shape === "cross" || mark.shape === "ring") g.stroke(); else g.fill();
    }
  },
  Curve(g, mark, at, panel, theme) {
    const xy = at.blob(mark.xy), colour = theme.roles[mark.role];
    if (mark.band !== undefined) {
      const band = at.blob(mark.band), n = band.length / 2;
      g.beginPath();
      for (let i = 0; i < n; i++) g.lineTo(at.x(xy[2 * i]), at.y(band[2 * i + 1]));
      for (let i = n - 1; i >= 0; i--) g.lineTo(at.x(xy[2 * i]), at.y(band[2 * i]));
      g.globalAlpha = 0.18; g.fillStyle = colour; g.fill(); g.globalAlpha = 1;
    }
    g.beginPath();
    let pen = false;
    for (let i = 0; i < xy.length; i += 2) {
      const x = at.x(xy[i]), y = at.y(xy[i + 1]);
      if (!isFinite(x) || !isFinite(y)) { pen = false; continue; }
      if (pen) g.lineTo(x, y); else g.moveTo(x, y);
      pen = true;
    }
    g.setLineDash(mark.dashed || mark.role === "truth" ? [6, 4] : []);
    g.strokeStyle = colour; g.lineWidth = mark.width ?? 2; g.lineJoin = "round"; g.stroke();
    g.setLineDash([]);
  },
  Arrows(g, mark, at, panel, theme) {
    const xy = at.blob(mark.xy), uv = at.blob(mark.uv);
    g.strokeStyle = g.fillStyle = theme.roles[mark.role];
    g.lineWidth = 1.2;
    if (mark.role === "truth") g.setLineDash([3, 2]);
    g.globalAlpha = 0.85;
    for (let i = 0; i < xy.length; i += 2) {
      const x = at.x(xy[i]), y = at.y(xy[i + 1]);
      const X = at.x(xy[i] + uv[i]), Y = at.y(xy[i + 1] + uv[i + 1]), size = Math.hypot(X - x, Y - y);
      if (!(size > 0.7)) continue;
      const [dx, dy] = [(X - x) / size, (Y - y) / size], head = Math.min(5, size * 0.45);
      g.beginPath(); g.moveTo(x, y); g.lineTo(X - dx * head, Y - dy * head); g.stroke();
      g.beginPath(); g.moveTo(X, Y);
      g.lineTo(X - dx * head - dy * head * 0.5, Y - dy * head + dx * head * 0.5);
      g.lineTo(X - dx * head + dy * head * 0.5, Y - dy * head - dx * head * 0.5);
      g.fill();
    }
    g.setLineDash([]);
  },
  Mesh(g, mark, at, panel, theme) {
    const xy = positions(at.blob(mark.xy), panel), [rows, columns] = at.shape(mark.xy);
    g.strokeStyle = theme.roles[mark.role]; g.lineWidth = 1; g.globalAlpha = 0.75;
    g.beginPath();
    const to = (r, c, first) => {
      const i = 2 * (r * columns + c), x = at.x(xy[i]), y = at.y(xy[i + 1]);
      if (first) g.moveTo(x, y); else g.lineTo(x, y);
    };
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to(r, c, c === 0);
    for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) to(r, c, r === 0);
    g.stroke();
  },
  Bars(g, mark, at, panel, theme, place) {
    const values = at.blob(mark.values), n = values.length, [k, of] = place;
    const classes = mark.classes === undefined ? null : at.blob(mark.classes);
    const slot = at.box.w / n, width = Math.max(1, (slot * 0.8) / of), zero = at.y(0);
    for (let i = 0; i < n; i++) {
      const x = at.box.x + slot * (i + 0.1) + width * k, y = at.y(values[i]);
      g.fillStyle = g.strokeStyle = classes ? theme.classes[classes[i] % 10] : theme.roles[mark.role];
      if (mark.role === "truth") {
        g.setLineDash([4, 3]); g.lineWidth = 1.5;
        g.strokeRect(x, Math.min(y, zero), width, Math.abs(zero - y)); g.setLineDash([]);
      } else { g.globalAlpha = 0.85; g.fillRect(x, Math.min(y, zero), width, Math.abs(zero - y)); g.globalAlpha = 1; }
    }
  },
  Images(g, mark, at, panel, theme) {
    const sheet = at.sheet(mark, theme), cells = cellsOf(mark, at);
    g.imageSmoothingEnabled = false;
    cells.forEach((cell, i) => {
      g.drawImage(sheet.canvas, 0, i * sheet.h, sheet.w, sheet.h, cell.x, cell.y, cell.w, cell.h);
      if (mark.marked?.includes(i)) {
        g.strokeStyle = theme.roles[mark.role]; g.lineWidth = 2;
        g.strokeRect(cell.x - 1, cell.y - 1, cell.w + 2, cell.h + 2);
      }
      if (mark.captions?.[i]) {
        g.fillStyle = theme.surface.text; g.font = FONT; g.textAlign = "center";
        g.fillText(mark.captions[i], cell.x + cell.w / 2, cell.y + cell.h + 12, cell.w + 8);
      }
    });
  },
  Text(g, mark, at, panel, theme) {
    g.fillStyle = mark.role === "neutral" ? theme.surface.text : theme.roles[mark.role];
    g.font = FONT;
    const x = at.x(mark.xy[0]), wide = g.measureText(mark.text).width / 2;
    g.textAlign = "center";
    g.fillText(mark.text, Math.min(Math.max(x, at.box.x + wide + 2), at.box.x + at.box.w - wide - 2), at.y(mark.xy[1]) + 4);
  },
};

// Where each image of a mark lies: hard pixels at whole multiples, in a grid or at its points.
export function cellsOf(mark, at) {
  const [n, h, w] = at.shape(mark.pixels), cells = [];
  if (mark.at !== undefined) {
    const xy = at.blob(mark.at);
    const size = Math.max(h, Math.round(Math.abs(at.y(mark.height) - at.y(0)) / h) * h) || h;
    for (let i = 0; i < n; i++) {
      const W = (size * w) / h;
      cells.push({ x: Math.round(at.x(xy[2 * i]) - W / 2), y: Math.round(at.y(xy[2 * i + 1]) - size / 2), w: W, h: size });
    }
    return cells;
  }
  const columns = Math.min(n, mark.columns ?? 8), rows = Math.ceil(n / columns);
  const foot = mark.captions?.length ? 16 : 0;
  const most = Math.min((at.box.w - 4 * (columns - 1)) / (columns * w), (at.box.h - (4 + foot) * rows) / (rows * h));
  const scale = most >= 1 ? Math.floor(most * at.dpr) / at.dpr : most;
  const gap = Math.max(2, Math.min(4, Math.round(scale)));
  const [W, H] = [w * scale, h * scale];
  const x0 = at.box.x + (at.box.w - columns * W - (columns - 1) * gap) / 2;
  const y0 = at.box.y + Math.max(0, (at.box.h - rows * (H + foot) - (rows - 1) * gap) / 2);
  for (let i = 0; i < n; i++) {
    cells.push({ x: x0 + (i % columns) * (W + gap), y: y0 + Math.floor(i / columns) * (H + gap + foot), w: W, h: H });
  }
  return cells;
}

// All images of a mark below one another, in the colours of the theme: grey is ink on paper.
export function sheetOf(pixels, shape, theme) {
  const [n, h, w] = shape, colour = shape.length === 4;
  const image = new ImageData(w, n * h), back = rgb(theme.surface.panel), ink = rgb(theme.surface.text);
  for (let i = 0; i < n * h * w; i++) {
    if (colour) image.data.set([pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2], 255], 4 * i);
    else image.data.set([...mix(back, ink, pixels[i] / 255), 255], 4 * i);
  }
  const canvas = new OffscreenCanvas(w, n * h);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return { canvas, w, h };
}

function axes(g, panel, at, theme) {
  const [x0, x1, y0, y1] = at.limits, { box } = at;
  g.font = FONT; g.lineWidth = 1; g.strokeStyle = theme.surface.line; g.fillStyle = theme.roles.neutral;
  const bars = panel.marks.find((m) => m.mark === "Bars");
  g.textAlign = "right";
  for (const t of panel.log_y ? decades(y0, y1) : ticks(y0, y1, box.h / 46)) {
    const y = at.y(t);
    g.beginPath(); g.moveTo(box.x, y); g.lineTo(box.x + box.w, y); g.stroke();
    g.fillText(three(t), box.x - 5, y + 4);
  }
  g.textAlign = "center";
  if (bars) {
    const labels = bars.labels ?? [], slot = box.w / Math.max(1, labels.length);
    const every = Math.ceil((Math.max(...labels.map((l) => g.measureText(l).width), 1) + 6) / slot);
    labels.forEach((l, i) => { if (i % every === 0) g.fillText(l, box.x + slot * (i + 0.5), box.y + box.h + 14); });
  } else {
    for (const t of panel.log_x ? decades(x0, x1) : ticks(x0, x1, box.w / 70)) {
      g.fillText(three(t), at.x(t), box.y + box.h + 14);
    }
  }
  if (panel.xlabel) g.fillText(panel.xlabel, box.x + box.w / 2, box.y + box.h + 30);
  if (panel.ylabel) {
    g.save(); g.translate(12, box.y + box.h / 2); g.rotate(-Math.PI / 2);
    g.fillText(panel.ylabel, 0, 0); g.restore();
  }
}

// Names at the ends of the curves, pushed apart so that none covers another.
function endLabels(g, panel, at, theme, hidden) {
  const labels = [];
  for (const mark of panel.marks) {
    if (mark.mark !== "Curve" || hidden.has(`${mark.role}:${mark.name}`)) continue;
    const text = mark.label ?? mark.name, xy = at.blob(mark.xy);
    if (!text) continue;
    let i = xy.length - 2;
    while (i >= 0 && !(isFinite(at.x(xy[i])) && isFinite(at.y(xy[i + 1])))) i -= 2;
    if (i >= 0) labels.push({ text, x: at.x(xy[i]), y: at.y(xy[i + 1]) - 7, colour: theme.roles[mark.role] });
  }
  g.font = "600 " + FONT;
  labels.sort((a, b) => a.y - b.y);
  for (let i = 0; i < labels.length; i++) {
    const low = i ? labels[i - 1].y + 14 : at.box.y + 10;
    labels[i].y = Math.max(labels[i].y, low);
  }
  for (let i = labels.length - 1; i >= 0; i--) {
    const high = i === labels.length - 1 ? at.box.y + at.box.h - 4 : labels[i + 1].y - 14;
    labels[i].y = Math.min(labels[i].y, high);
  }
  g.textAlign = "right";
  for (const { text, x, y, colour } of labels) {
    const right = Math.min(Math.max(x, at.box.x + g.measureText(text).width + 4), at.box.x + at.box.w - 2);
    g.lineWidth = 3; g.strokeStyle = theme.surface.background; g.lineJoin = "round";
    g.strokeText(text, right, y); g.fillStyle = colour; g.fillText(text, right, y);
  }
}

export function paint(g, panel, at, theme, hidden, width, height) {
  g.setTransform(at.dpr, 0, 0, at.dpr, 0, 0);
  g.clearRect(0, 0, width, height);
  if (panel.kind === "chart") axes(g, panel, at, theme);
  g.save();
  if (panel.kind !== "images") {
    g.beginPath(); g.rect(at.box.x, at.box.y, at.box.w, at.box.h); g.clip();
  }
  const bars = panel.marks.filter((m) => m.mark === "Bars" && !hidden.has(`${m.role}:${m.name}`));
  for (const mark of panel.marks) {
    if (hidden.has(`${mark.role}:${mark.name}`)) continue;
    g.save();
    draw[mark.mark](g, mark, at, panel, theme, [bars.indexOf(mark), bars.length]);
    g.restore();
  }
  g.restore();
  if (panel.kind === "chart") endLabels(g, panel, at, theme, hidden);
  else if (panel.kind === "plane") {
    g.strokeStyle = theme.surface.line; g.lineWidth = 1;
    g.strokeRect(at.box.x + 0.5, at.box.y + 0.5, at.box.w - 1, at.box.h - 1);
  }
}

// What lies under the pointer, in words, and the image to enlarge if there is one.
export function under(panel, at, hidden, px, py) {
  const lines = [];
  let image = null;
  for (const mark of panel.marks) {
    if (hidden.has(`${mark.role}:${mark.name}`)) continue;
    if (mark.mark === "Points") {
      const xy = positions(at.blob(mark.xy), panel);
      let best = 100, index = -1;
      for (let i = 0; i < xy.length; i += 2) {
        const d = (at.x(xy[i]) - px) ** 2 + (at.y(xy[i + 1]) - py) ** 2;
        if (d < best) { best = d; index = i; }
      }
      if (index >= 0) {
        const value = mark.values === undefined ? "" : `: ${three(at.blob(mark.values)[index / 2])}`;
        lines.push(`${mark.name} (${three(xy[index])}, ${three(xy[index + 1])})${value}`);
      }
    } else if (mark.mark === "Field") {
      const [rows, columns] = at.shape(mark.values);
      const c = Math.floor(((px - at.box.x) / at.box.w) * columns);
      const r = Math.floor(((at.box.y + at.box.h - py) / at.box.h) * rows);
      if (r >= 0 && r < rows && c >= 0 && c < columns) {
        const t = at.blob(mark.values)[r * columns + c] / 255;
        lines.push(`${mark.name} ${three(mark.low + t * (mark.high - mark.low))}`);
      }
    } else if (mark.mark === "Curve" && panel.kind === "chart") {
      const xy = at.blob(mark.xy);
      let best = 400, index = -1;
      for (let i = 0; i < xy.length; i += 2) {
        const d = (at.x(xy[i]) - px) ** 2;
        if (d < best) { best = d; index = i; }
      }
      if (index >= 0) lines.push(`${mark.name} ${three(xy[index + 1])} at ${three(xy[index])}`);
    } else if (mark.mark === "Bars") {
      const values = at.blob(mark.values), i = Math.floor(((px - at.box.x) / at.box.w) * values.length);
      if (i >= 0 && i < values.length) lines.push(`${mark.labels?.[i] ?? ""} ${mark.name} ${three(values[i])}`);
    } else if (mark.mark === "Images") {
      const i = cellsOf(mark, at).findIndex((c) => px >= c.x && px <= c.x + c.w && py >= c.y && py <= c.y + c.h);
      if (i >= 0) { image = [mark, i]; lines.push(mark.captions?.[i] || `${mark.name} ${i + 1}`); }
    }
  }
  return { lines, image };
}
