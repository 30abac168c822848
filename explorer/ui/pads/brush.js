// A small grey image painted with a soft brush; in mask mode also a mark on the part to be redone.
// data: { height, width, pixels, marks, version, mask, label }: base64 of one byte per pixel, row by
// row, 0 background and 255 ink. Sends state "drawing": { pixels, marks }.

import { magnified, painter } from "../shared/canvas.js";
import { button, colourOf, rootOf, tag } from "../shared/element.js";
import { clamp } from "../shared/number.js";
import { arrowOf, drags, shareOf } from "../shared/pointer.js";

const TOOLS = { draw: "Draw", erase: "Erase", mark: "Mark the gap" };

export default function (component) {
  const { data } = component, root = rootOf(component);
  const pad = (root.pad ??= build(root));
  pad.send = (drawing) => component.setStateValue("drawing", drawing);
  const colour = colourOf(root);
  pad.colours = {
    ink: rgb(colour("text-color")),
    paper: rgb(colour("secondary-background-color")),
    mark: rgb(colour("orange-color")),
    line: colour("border-color"),
    text: colour("text-color"),
  };
  if (pad.version !== data.version || pad.width !== data.width) {
    Object.assign(pad, { version: data.version, width: data.width, height: data.height, past: [] });
    pad.pixels = bytes(data.pixels, data.width * data.height);
    pad.marks = bytes(data.marks, data.width * data.height);
  }
  pad.tools.mark.hidden = !data.mask;
  if (!data.mask && pad.tool === "mark") pad.tool = "draw";
  pad.canvas.setAttribute("aria-label", data.label);
  pad.painter.watch(root);
  pad.painter.again();
  return () => { pad.painter.stop(); clearTimeout(pad.timer); };
}

function build(root) {
  const canvas = tag("canvas", "", { tabindex: 0, role: "application" });
  const undo = button("", {}, "Undo"), clear = button("", {}, "Clear"), words = tag("span", "", { role: "status" });
  const tools = Object.fromEntries(Object.entries(TOOLS).map(([key, label]) => [key, button("", {}, label)]));
  root.append(canvas, tag("div", "bar", {}, ...Object.values(tools), undo, clear, words));
  const pad = { root, canvas, undo, clear, words, tools, tool: "draw", past: [], painted: 0 };
  pad.painter = painter(() => paint(pad));
  for (const [key, each] of Object.entries(tools)) each.onclick = () => { pad.tool = key; pad.painter.again(); };
  undo.onclick = () => {
    const before = pad.past.pop();
    if (before) { Object.assign(pad, before); changed(pad); }
  };
  clear.onclick = () => {
    remember(pad);
    pad.pixels = new Uint8Array(pad.pixels.length);
    pad.marks = new Uint8Array(pad.marks.length);
    changed(pad);
  };
  drags(canvas, {
    start: (event) => {
      remember(pad);
      pad.last = place(pad, event);
      dab(pad, pad.last);
    },
    move: (event) => line(pad, place(pad, event)),
    end: () => changed(pad),
  });
  canvas.onkeydown = (event) => keys(pad, event);
  canvas.onblur = () => { pad.cursor = null; pad.painter.again(); };
  return pad;
}

// Arrows move a brush, space paints where it is.
function keys(pad, event) {
  const step = arrowOf(event);
  if (!step && event.key !== " ") return;
  event.preventDefault();
  pad.cursor ??= [Math.floor(pad.width / 2), Math.floor(pad.height / 2)];
  if (step) {
    const [column, row] = pad.cursor;
    pad.cursor = [clamp(column + step[0], 0, pad.width - 1), clamp(row - step[1], 0, pad.height - 1)];
    pad.painter.again();
  } else {
    remember(pad);
    dab(pad, pad.cursor.map((x) => x + 0.5));
    changed(pad);
  }
}

function remember(pad) {
  pad.past.push({ pixels: pad.pixels.slice(), marks: pad.marks.slice() });
  if (pad.past.length > 30) pad.past.shift();
}

function place(pad, event) {
  const [x, y] = shareOf(pad.canvas, event);
  return [x * pad.width, y * pad.height];
}

function line(pad, to) {
  const [x, y] = pad.last;
  const far = Math.hypot(to[0] - x, to[1] - y);
  const dabs = Math.max(1, Math.ceil(far / 0.4));
  for (let i = 1; i <= dabs; i += 1) dab(pad, [x + ((to[0] - x) * i) / dabs, y + ((to[1] - y) * i) / dabs]);
  pad.last = to;
}

// Full ink in the middle, fading over one pixel; as thick as the strokes of the handwritten sets.
function dab(pad, [x, y]) {
  const { width, height, tool } = pad;
  const core = tool === "draw" ? width / 34 : width / 14;
  const reach = Math.ceil(core + 1);
  for (let row = Math.floor(y) - reach; row <= y + reach; row += 1) {
    for (let column = Math.floor(x) - reach; column <= x + reach; column += 1) {
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const away = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const ink = Math.round(255 * clamp(core + 1 - away, 0, 1));
      const at = row * width + column;
      if (tool === "draw") pad.pixels[at] = Math.max(pad.pixels[at], ink);
      else if (tool === "erase") {
        pad.pixels[at] = Math.min(pad.pixels[at], 255 - ink);
        if (ink > 127) pad.marks[at] = 0;
      } else if (ink > 127) pad.marks[at] = 255;
    }
  }
  pad.painter.again();
}

function changed(pad) {
  pad.painter.again();
  clearTimeout(pad.timer);
  pad.timer = setTimeout(() => pad.send({ pixels: text(pad.pixels), marks: text(pad.marks) }), 300);
}

const text = (array) => btoa(String.fromCharCode(...array));

function bytes(encoded, length) {
  const found = Uint8Array.from(atob(encoded || ""), (c) => c.charCodeAt(0));
  return found.length === length ? found : new Uint8Array(length);
}

function rgb(colour) {
  const pen = tag("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function paint(pad) {
  const { canvas, width, height, colours } = pad, room = Math.min(pad.root.clientWidth, 308);
  if (!room) return;
  const { pen, times, ratio } = magnified(canvas, width, height, room);
  for (let at = 0; at < pad.pixels.length; at += 1) {
    const ink = pad.pixels[at] / 255;
    const over = pad.marks[at] ? 0.6 : 0;
    const [r, g, b] = [0, 1, 2].map((i) => (colours.paper[i] * (1 - ink) + colours.ink[i] * ink) * (1 - over) + colours.mark[i] * over);
    pen.fillStyle = `rgb(${r}, ${g}, ${b})`;
    const [x, y] = [(at % width) * times, Math.floor(at / width) * times];
    pen.fillRect(x, y, times, times);
    if (!over) continue; // the mark is hatched as well: never colour alone
    pen.strokeStyle = colours.text;
    pen.beginPath();
    pen.moveTo(x, y + times);
    pen.lineTo(x + times, y);
    pen.stroke();
  }
  pen.strokeStyle = colours.line;
  pen.strokeRect(0.5, 0.5, canvas.width - 1, canvas.height - 1);
  if (pad.cursor) {
    pen.strokeStyle = colours.text;
    pen.lineWidth = 2 * ratio;
    pen.strokeRect(pad.cursor[0] * times, pad.cursor[1] * times, times, times);
    pen.lineWidth = 1;
  }
  for (const [key, each] of Object.entries(pad.tools)) each.setAttribute("aria-pressed", key === pad.tool);
  const empty = !pad.pixels.some(Boolean) && !pad.marks.some(Boolean);
  pad.undo.disabled = !pad.past.length;
  pad.clear.disabled = empty;
  pad.words.textContent = empty ? "Draw here, by hand or with arrows and space." : "";
  pad.painted += 1;
}
