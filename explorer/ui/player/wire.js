// What the server sent of one run in one view: templates and arrays by number, and the frames made
// of them. The format is described in explorer/draw/wire.py.

const KINDS = { int16: Int16Array, uint8: Uint8Array, float32: Float32Array };
const REACH = 32767 / 1.5; // int16 units per span of a panel
export const NOTHING = 255; // of a field: no value here
export const LEVELS = 254; // of a field: the steps from low to high

export const nameOf = (mark) => `${mark.role ?? ""}:${mark.name}`;

export class Recording {
  templates = [];
  buffers = [];
  frames = [];
  limits = []; // of each panel, fitted to all frames
  ranges = []; // of each reading

  constructor(run, view) {
    this.run = run;
    this.view = view;
  }

  // Take the frames of a packet; false when frames before them are missing.
  take(header, body) {
    if (header.first > this.frames.length) return false;
    for (const [number, template] of Object.entries(header.templates)) this.templates[number] ??= template;
    for (const [number, kind, shape, offset, length] of header.buffers) {
      this.buffers[number] ??= { number, shape, data: new KINDS[kind](body.slice(offset, offset + length).buffer) };
    }
    for (const frame of header.frames.slice(this.frames.length - header.first)) this.keep(frame);
    return true;
  }

  keep({ step, says, values, scene, panels, sounds = [] }) {
    const plain = this.templates[scene];
    const frame = {
      step, says, values, scene: plain,
      panels: panels.map((numbers) => ({
        key: numbers.join(), // equal keys are equal pictures
        ...this.templates[numbers[0]],
        buffers: numbers.slice(1).map((number) => this.buffers[number]),
      })),
      sounds: sounds.map(([label, role, panel, tempo, notes]) => ({ label, role, panel, tempo, notes: this.buffers[notes].data })),
    };
    this.frames.push(frame);
    frame.panels.forEach((panel, i) => {
      const limits = (this.limits[i] ??= { x: [Infinity, -Infinity], y: [Infinity, -Infinity] });
      if (panel.kind === "chart" && !(panel.xlim && panel.ylim)) stretch(limits, panel);
      if (panel.marks.some((mark) => mark.grows)) grow(panel, this.frames.at(-2)?.panels[i]);
    });
    values.forEach((value, i) => {
      const range = (this.ranges[i] ??= [Infinity, -Infinity]);
      for (const v of [value, ...(plain.readings[i].floor ?? [])]) if (typeof v === "number") widen(range, v);
    });
  }

}

// Of a curve that grows a frame holds its new points: what it shows are all of them so far. `before`
// is the same panel of the frame before.
function grow(panel, before) {
  panel.curves = { ...before?.curves };
  for (const mark of panel.marks) {
    for (const what of mark.grows ? ["xy", "band"] : []) {
      if (mark[what] === undefined) continue;
      const key = `${what} ${mark.name}`, { data } = panel.buffers[mark[what]];
      let { all, length } = panel.curves[key] ?? { all: new Float32Array(128), length: 0 };
      if (length + data.length > all.length) { // frames before this one keep the old array
        const more = new Float32Array(2 * (length + data.length));
        more.set(all.subarray(0, length));
        all = more;
      }
      all.set(data, length);
      length += data.length;
      panel.curves[key] = { all, length };
      panel.buffers[mark[what]] = { shape: [length / 2, 2], data: all.subarray(0, length) };
      panel.key += ` ${length}`;
    }
  }
}

function widen(range, value) {
  if (value < range[0]) range[0] = value;
  if (value > range[1]) range[1] = value;
}

// Widen limits (of logarithmic axes, the logarithms) until they hold all that a chart shows.
function stretch(limits, panel) {
  const keep = (axis, value, log) => {
    if (isFinite(value) && !(log && value <= 0)) widen(limits[axis], log ? Math.log10(value) : value);
  };
  for (const mark of panel.marks) {
    if (mark.mark === "Bars") {
      const values = panel.buffers[mark.values].data;
      widen(limits.x, -0.5);
      widen(limits.x, values.length - 0.5);
      widen(limits.y, 0);
      values.forEach((v) => keep("y", v * 1.05));
    } else if (typeof mark.xy === "number") {
      const xy = panel.buffers[mark.xy].data;
      for (let i = 0; i < xy.length; i += 2) {
        if (isNaN(xy[i]) || isNaN(xy[i + 1])) continue;
        keep("x", xy[i], panel.log_x);
        keep("y", xy[i + 1], panel.log_y);
      }
      if (mark.band !== undefined) panel.buffers[mark.band].data.forEach((v) => keep("y", v, panel.log_y));
    }
  }
}

// A panel on its way to the same one of the next frame: points that stay themselves go straight from
// here to there, all else stays as it is. Null when none moves.
export function onTheWay(panel, next, part) {
  const buffers = panel.buffers.slice();
  let moves = false;
  panel.marks.forEach((mark, m) => {
    const other = next?.marks[m];
    if (!mark.interpolated || mark.name !== other?.name) return;
    for (const what of ["xy", "uv"]) {
      const from = buffers[mark[what]], to = next.buffers[other[what]];
      if (!from || from === to || from.data.length !== to?.data.length) continue;
      buffers[mark[what]] = { ...from, data: from.data.map((v, i) => v + (to.data[i] - v) * part) };
      moves = true;
    }
  });
  return moves ? { ...panel, buffers } : null;
}

// Positions (x, y, x, y, ...) of a mark in the units of the panel.
export function positions(panel, slot) {
  const { data } = panel.buffers[slot];
  if (!(data instanceof Int16Array)) return data;
  const out = new Float32Array(data.length);
  for (const axis of [0, 1]) {
    const [low, high] = axis ? panel.ylim : panel.xlim;
    const middle = (low + high) / 2, unit = (high - low) / REACH;
    for (let i = axis; i < data.length; i += 2) out[i] = middle + data[i] * unit;
  }
  return out;
}
