// A network to change by hand: click a link or a unit, set its weight or bias, freeze or cut it. The
// maps of all units follow at once, computed here; the text of the changes is reported when settled.
// data: { names: [[name, ...] by layer], weights: [layer][from][to], biases: [layer][unit], inputs,
//         cells, activation, output, residual, edits, largest, version, label }. Sends state "edits".

import { painter, sharp } from "../shared/canvas.js";
import { button, colourOf, put, rootOf, tag, write } from "../shared/element.js";
import { clamp, three } from "../shared/number.js";
import { shareOf } from "../shared/pointer.js";

const ACTIVATIONS = {
  tanh: Math.tanh,
  relu: (a) => Math.max(a, 0),
  leaky_relu: (a) => Math.max(a, 0.1 * a),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  linear: (a) => a,
};
const SATURATED = 3, THICK = 6, REACH = 8;

export default function (component) {
  const { data } = component, root = rootOf(component);
  const pad = (root.pad ??= build(root));
  pad.send = (value) => component.setStateValue("edits", value);
  const colour = colourOf(root), positive = colour("blue-color"), negative = colour("orange-color");
  pad.colours = { text: colour("text-color"), line: colour("border-color"), back: colour("background-color"), accent: colour("primary-color"), positive, negative };
  put(pad.canvas, "aria-label", data.label);
  if (pad.version !== data.version) {
    pad.version = data.version; // Python asks for these edits: at the start, or after a preset
    pad.edits = new Map(data.edits.split(",").filter(Boolean).map((each) => { const [key, value] = each.split("="); return [key, value ?? ""]; }));
  }
  pad.data = data;
  const bytes = Uint8Array.from(atob(data.inputs), (c) => c.charCodeAt(0));
  pad.inputs = new Float32Array(bytes.buffer);
  list(pad);
  choose(pad, pad.chosen ?? "w1.1.1");
  pad.painter.watch(root);
  return () => { pad.painter.stop(); clearTimeout(pad.timer); };
}

function build(root) {
  const canvas = tag("canvas", "", { role: "img" }), parts = tag("select", "", { "aria-label": "Part of the network" });
  const slider = tag("input", "", { type: "range", step: 0.1 }), value = tag("output");
  const freeze = button("", {}, "Freeze"), cut = button("", {}, "Cut"), undo = button("", {}, "Undo all");
  const pad = { root, canvas, parts, slider, value, freeze, cut, undo, edits: new Map(), painted: 0 };
  root.append(canvas, tag("div", "bar", {}, parts, tag("label", "", {}, slider, value), freeze, cut, undo));
  pad.painter = painter(() => paint(pad));
  canvas.onclick = (event) => {
    const [x, y] = shareOf(canvas, event), found = under(pad, x * canvas.clientWidth, y * canvas.clientHeight);
    if (found) choose(pad, found);
  };
  parts.onchange = () => choose(pad, parts.value);
  slider.oninput = () => {
    pad.edits.set(pad.chosen, String(+slider.value));
    refresh(pad);
  };
  slider.onchange = () => settle(pad);
  for (const [node, letter] of [[freeze, "f"], [cut, "c"]]) {
    node.onclick = () => {
      const key = letter + pad.chosen.slice(1);
      if (!pad.edits.delete(key)) pad.edits.set(key, "");
      refresh(pad);
      settle(pad);
    };
  }
  undo.onclick = () => {
    pad.edits.clear();
    refresh(pad);
    settle(pad);
  };
  return pad;
}

function settle(pad) {
  clearTimeout(pad.timer);
  pad.timer = setTimeout(() => pad.send([...pad.edits].map(([key, value]) => (value === "" ? key : `${key}=${value}`)).join(",")), 250);
}

// All parts by name, for the list: biases and weights.
function list(pad) {
  const { names } = pad.data, key = JSON.stringify(names);
  if (pad.listed === key) return;
  pad.listed = key;
  const found = [];
  for (let l = 1; l < names.length; l++) names[l].forEach((to, j) => {
    found.push([`b${l}.${j + 1}`, `bias of ${to}`]);
    names[l - 1].forEach((from, i) => found.push([`w${l}.${i + 1}.${j + 1}`, `${from} → ${to}`]));
  });
  pad.parts.replaceChildren(...found.map(([value, text]) => tag("option", "", { value }, text)));
  if (!found.some(([value]) => value === pad.chosen)) pad.chosen = "w1.1.1";
}

function choose(pad, part) {
  pad.chosen = part;
  pad.parts.value = part;
  refresh(pad);
}

// The network with the edits made, and the maps of its units.
function refresh(pad) {
  const { data, edits } = pad, [layer, ...unit] = pad.chosen.slice(1).split(".").map((n) => n - 1), bias = pad.chosen[0] === "b";
  pad.weights = data.weights.map((rows, l) => rows.map((row, i) => row.map((w, j) => +(edits.get(`w${l + 1}.${i + 1}.${j + 1}`) ?? w))));
  pad.biases = data.biases.map((row, l) => row.map((b, j) => +(edits.get(`b${l + 1}.${j + 1}`) ?? b)));
  pad.maps = forward(pad);
  const now = bias ? pad.biases[layer][unit[0]] : pad.weights[layer][unit[0]][unit[1]];
  Object.assign(pad.slider, { min: -data.largest, max: data.largest });
  pad.slider.value = now;
  put(pad.slider, "aria-label", pad.parts.selectedOptions[0]?.textContent ?? "");
  write(pad.value, three(now));
  const hidden = bias && layer < data.weights.length - 1;
  pad.freeze.disabled = !bias;
  pad.cut.disabled = !hidden;
  put(pad.freeze, "aria-pressed", String(bias && edits.has(`f${pad.chosen.slice(1)}`)));
  put(pad.cut, "aria-pressed", String(hidden && edits.has(`c${pad.chosen.slice(1)}`)));
  pad.undo.disabled = !edits.size;
  pad.painter.again();
}

// For every layer and unit its output at each cell of the grid.
function forward({ data, inputs, weights, biases, edits }) {
  const n = data.cells * data.cells, f = ACTIVATIONS[data.activation];
  let h = data.names[0].map((_, i) => inputs.subarray(i * n, (i + 1) * n));
  const layers = [h];
  weights.forEach((rows, l) => {
    const last = l === weights.length - 1, skips = data.residual && !last && rows.length === rows[0].length;
    h = rows[0].map((_, j) => {
      const out = new Float32Array(n).fill(biases[l][j]);
      rows.forEach((row, i) => { for (let k = 0; k < n; k++) out[k] += row[j] * h[i][k]; });
      for (let k = 0; k < n; k++) out[k] = last ? Math.tanh(data.output * out[k]) : f(out[k]) + (skips ? h[j][k] : 0);
      return edits.has(`c${l + 1}.${j + 1}`) && !last ? out.fill(0) : out;
    });
    layers.push(h);
  });
  return layers;
}

// Where the tiles lie on a canvas of this size: [layer][unit] = [x, y], and the side of a tile.
function places({ data }, width, height) {
  const rows = Math.max(4, ...data.names.map((layer) => layer.length)), apart = (height - 16) / rows;
  const side = Math.min(0.78 * apart, 60), step = (width - side - 40) / (data.names.length - 1);
  return { side, at: data.names.map((layer, l) => layer.map((_, i) => [20 + side / 2 + l * step, height / 2 + (i - (layer.length - 1) / 2) * apart])) };
}

function curve(pad, l, i, j) {
  const { at, side } = pad.laid, [x, y] = at[l][i], [X, Y] = at[l + 1][j];
  return [x + side / 2, y, X - side / 2, Y];
}

// The part at a point: a unit (its bias), or the nearest link.
function under(pad, px, py) {
  const { at, side } = pad.laid;
  for (let l = 1; l < at.length; l++) for (let i = 0; i < at[l].length; i++) {
    if (Math.max(Math.abs(at[l][i][0] - px), Math.abs(at[l][i][1] - py)) <= side / 2) return `b${l}.${i + 1}`;
  }
  let best = REACH ** 2, found = null;
  for (let l = 0; l + 1 < at.length; l++) at[l].forEach((_, i) => at[l + 1].forEach((_, j) => {
    const [x, y, X, Y] = curve(pad, l, i, j), u = clamp((px - x) / (X - x), 0, 1), share = u * u * (3 - 2 * u);
    const d = (px - clamp(px, x, X)) ** 2 + (py - y - (Y - y) * share) ** 2;
    if (d < best) [best, found] = [d, `w${l + 1}.${i + 1}.${j + 1}`];
  }));
  return found;
}

function paint(pad) {
  const { canvas, colours, edits } = pad, width = canvas.clientWidth;
  if (!width) return;
  const height = Math.round(clamp(width / 2.3, 230, 330));
  canvas.style.height = `${height}px`;
  const pen = sharp(canvas, width, height);
  pad.laid = places(pad, width, height);
  pad.weights.forEach((rows, l) => rows.forEach((row, i) => row.forEach((w, j) => {
    const [x, y, X, Y] = curve(pad, l, i, j), chosen = pad.chosen === `w${l + 1}.${i + 1}.${j + 1}`;
    const share = Math.min(1, Math.abs(w) / SATURATED);
    for (const [colour, wide, opaque] of [[colours.accent, chosen ? THICK * share + 5 : 0, 0.5], [w < 0 ? colours.negative : colours.positive, Math.max(0.5, THICK * share), 0.35 + 0.65 * share]]) {
      if (!wide) continue;
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.globalAlpha = opaque;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.bezierCurveTo((x + X) / 2, y, (x + X) / 2, Y, X, Y);
      pen.stroke();
    }
  })));
  pen.globalAlpha = 1;
  pen.font = "12px sans-serif";
  pad.laid.at.forEach((layer, l) => layer.forEach(([x, y], i) => {
    const side = pad.laid.side, left = x - side / 2, top = y - side / 2, key = `${l}.${i + 1}`;
    pen.fillStyle = colours.back;
    pen.fillRect(left, top, side, side);
    pen.drawImage(picture(pad, pad.maps[l][i]), left, top, side, side);
    pen.lineWidth = pad.chosen === `b${key}` ? 3 : 1;
    pen.strokeStyle = pad.chosen === `b${key}` ? colours.accent : colours.line;
    pen.strokeRect(left, top, side, side);
    const said = [edits.has(`f${key}`) && "frozen", edits.has(`c${key}`) && "cut"].filter(Boolean).join(", ");
    if (!said || !l) return;
    pen.fillStyle = colours.text;
    pen.textAlign = "center";
    pen.fillText(said, x, y + side / 2 + 12);
  }));
  pad.painted += 1;
  put(canvas, "data-painted", String(pad.painted));
}

// One map as an image: the colour of its sign, opaque where it is large.
function picture({ data: { cells }, colours }, values) {
  const canvas = tag("canvas", "", { width: cells, height: cells }), pen = canvas.getContext("2d");
  for (let r = 0; r < cells; r++) for (let c = 0; c < cells; c++) {
    const v = values[r * cells + c];
    pen.globalAlpha = 0.45 * Math.min(1, Math.abs(v));
    pen.fillStyle = v < 0 ? colours.negative : colours.positive;
    pen.fillRect(c, cells - 1 - r, 1, 1);
  }
  return canvas;
}
