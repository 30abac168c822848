// A map of codes to move on, with the decoded image beside it. Everything happens in the browser:
// the images of a grid of codes came along in one picture (`atlas`), and the nearest one is shown.
// data: { atlas, ink, rows, columns, height, width, limits: [[x0, x1], [y0, y1]], points, classes,
//         names, value: [x, y], version, label }. Sends the settled code as state "value".

import { magnified, painter, sharp } from "../shared/canvas.js";
import { colourOf, rootOf, tag } from "../shared/element.js";
import { clamp } from "../shared/number.js";
import { arrowOf, drags, hovers, shareOf } from "../shared/pointer.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  const pad = (root.pad ??= build(root));
  pad.send = (value) => component.setStateValue("value", value);
  const colour = colourOf(root);
  pad.colours = {
    text: colour("text-color"),
    line: colour("border-color"),
    back: colour("background-color"),
    accent: colour("primary-color"),
    classes: colour("chart-categorical-colors").split(","),
  };
  pad.map.setAttribute("aria-label", data.label);
  if (pad.version !== data.version) {
    pad.version = data.version; // Python asks for this code: at the start, or after a preset
    pad.at = data.value;
  }
  if (pad.data?.atlas !== data.atlas) {
    pad.atlas.onload = pad.painter.again;
    pad.atlas.src = data.atlas;
  }
  pad.data = data;
  pad.points = points(data);
  pad.layer = null;
  pad.painter.watch(root);
  pad.painter.again();
  return () => { pad.painter.stop(); clearTimeout(pad.timer); };
}

function build(root) {
  const map = tag("canvas", "", { tabindex: 0, role: "application" }), image = tag("canvas", "", { role: "img" });
  const words = tag("p", "", { role: "status" });
  root.append(tag("div", "map", {}, map), tag("div", "image", {}, image, words));
  const pad = { root, map, image, words, atlas: new Image(), painted: 0 };
  pad.painter = painter(() => paint(pad));
  const move = (event) => {
    pad.hover = null;
    pad.at = snap(pad, place(pad, event));
    pad.painter.again();
    settle(pad, 300);
  };
  const drag = drags(map, { start: move, move, end: () => settle(pad, 0) });
  hovers(map, drag, (event) => {
    pad.hover = event && place(pad, event);
    pad.painter.again();
  });
  map.onkeydown = (event) => {
    const step = arrowOf(event);
    if (!step && event.key !== "Home") return;
    event.preventDefault();
    const { limits: [[x0, x1], [y0, y1]], rows, columns } = pad.data;
    const far = event.shiftKey ? 5 : 1;
    pad.at = step
      ? snap(pad, [pad.at[0] + (far * step[0] * (x1 - x0)) / columns, pad.at[1] + (far * step[1] * (y1 - y0)) / rows])
      : snap(pad, [0, 0]);
    pad.painter.again();
    settle(pad, 300);
  };
  return pad;
}

function place(pad, event) {
  const { limits: [[x0, x1], [y0, y1]] } = pad.data, [x, y] = shareOf(pad.map, event);
  return [x0 + x * (x1 - x0), y1 - y * (y1 - y0)];
}

function settle(pad, wait) {
  clearTimeout(pad.timer);
  pad.timer = setTimeout(() => {
    const value = pad.at.map((x) => Number(x.toFixed(3)));
    if (String(value) === String(pad.sent)) return;
    pad.sent = value;
    pad.send(value);
  }, wait);
}

function cell(pad, [x, y]) {
  const { limits: [[x0, x1], [y0, y1]], rows, columns } = pad.data;
  const at = (share, n) => clamp(Math.floor(share * n), 0, n - 1);
  return [at((x - x0) / (x1 - x0), columns), at((y - y0) / (y1 - y0), rows)];
}

// The code whose decoded image is shown: the centre of the cell.
function snap(pad, at) {
  const { limits: [[x0, x1], [y0, y1]], rows, columns } = pad.data;
  const [column, row] = cell(pad, at);
  return [x0 + ((column + 0.5) * (x1 - x0)) / columns, y0 + ((row + 0.5) * (y1 - y0)) / rows];
}

function points({ points, classes }) {
  if (!points) return [];
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const xy = new Uint16Array(bytes(points).buffer);
  const kinds = classes ? bytes(classes) : new Uint8Array(xy.length / 2);
  return Array.from(kinds, (kind, i) => [xy[2 * i] / 65535, xy[2 * i + 1] / 65535, kind]);
}

function paint(pad) {
  const size = pad.map.clientWidth;
  if (!pad.data || !size) return;
  const { colours, data } = pad;
  const pen = sharp(pad.map, size, size);
  if (pad.layer?.wide !== size) pad.layer = cloud(pad, size);
  pen.drawImage(pad.layer, 0, 0, size, size);
  const shown = pad.hover ?? pad.at;
  const [column, row] = cell(pad, shown);
  const [w, h] = [size / data.columns, size / data.rows];
  pen.strokeStyle = colours.text;
  pen.lineWidth = 1;
  pen.strokeRect(column * w, size - (row + 1) * h, w, h);
  const [x, y] = [(cell(pad, pad.at)[0] + 0.5) * w, size - (cell(pad, pad.at)[1] + 0.5) * h];
  for (const [colour, width] of [[colours.text, 5], [colours.accent, 3]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, 9, 0, 7);
    pen.stroke();
  }
  picture(pad, column, row);
  const code = snap(pad, shown).map((v) => v.toFixed(2).replace("-", "−")).join(", ");
  pad.words.textContent = `code (${code})`;
  pad.painted += 1;
}

function cloud(pad, size) {
  const layer = Object.assign(tag("canvas"), { wide: size }), pen = sharp(layer, size, size);
  const { colours } = pad;
  pen.strokeStyle = colours.line;
  pen.strokeRect(0.5, 0.5, size - 1, size - 1);
  pen.globalAlpha = 0.7;
  for (const [x, y, kind] of pad.points) {
    pen.fillStyle = colours.classes[kind % colours.classes.length];
    pen.beginPath();
    pen.arc(x * size, size - y * size, 2, 0, 7);
    pen.fill();
  }
  pen.globalAlpha = 1;
  pen.font = "600 13px sans-serif";
  pen.textAlign = "center";
  pen.lineJoin = "round";
  (pad.data.names ?? []).forEach((name, kind) => {
    const own = pad.points.filter((p) => p[2] === kind);
    if (!own.length) return;
    const mid = [0, 1].map((axis) => own.map((p) => p[axis]).sort((a, b) => a - b)[own.length >> 1]);
    pen.strokeStyle = colours.back;
    pen.lineWidth = 4;
    const half = pen.measureText(name).width / 2 + 2; // a name stands inside, also of what lies outside
    const at = [clamp(mid[0] * size, half, size - half), clamp(size - mid[1] * size + 4, 14, size - 4)];
    pen.strokeText(name, ...at);
    pen.fillStyle = colours.text;
    pen.fillText(name, ...at);
  });
  return layer;
}

function picture(pad, column, row) {
  const { height, width, rows, ink } = pad.data;
  const canvas = pad.image, { pen } = magnified(canvas, width, height, Math.min(canvas.parentElement.clientWidth, 224));
  canvas.setAttribute("aria-label", "The image decoded from this code");
  if (!pad.atlas.complete || !pad.atlas.naturalWidth) return;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(pad.atlas, column * width, (rows - 1 - row) * height, width, height, 0, 0, canvas.width, canvas.height);
  if (!ink) return;
  pen.globalCompositeOperation = "source-in";
  pen.fillStyle = pad.colours.text;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.globalCompositeOperation = "source-over";
}
