// Strokes drawn by hand in the plane. data: { strokes: [[[x, y], ...], ...], version, limit, label,
// most }. Sends the strokes, in units of the plane, as state "strokes" after each of them.

import { painter, sharp } from "../shared/canvas.js";
import { button, colourOf, rootOf, tag } from "../shared/element.js";
import { clamp } from "../shared/number.js";
import { arrowOf, drags, shareOf } from "../shared/pointer.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  const pad = (root.pad ??= build(root));
  pad.send = (strokes) => component.setStateValue("strokes", strokes);
  const colour = colourOf(root);
  pad.colours = { ink: colour("blue-color"), line: colour("border-color"), text: colour("text-color") };
  pad.limit = data.limit;
  pad.most = data.most;
  pad.canvas.setAttribute("aria-label", data.label);
  if (pad.version !== data.version) {
    pad.version = data.version; // Python asks for these strokes: at the start, or after a preset
    pad.strokes = data.strokes.map((stroke) => [...stroke]);
  }
  pad.painter.watch(root);
  pad.painter.again();
  return () => { pad.painter.stop(); clearTimeout(pad.timer); };
}

function build(root) {
  const canvas = tag("canvas", "", { tabindex: 0, role: "application" });
  const undo = button("", {}, "Undo"), clear = button("", {}, "Clear"), words = tag("span", "", { role: "status" });
  root.append(canvas, tag("div", "bar", {}, undo, clear, words));
  const pad = { root, canvas, undo, clear, words, strokes: [], painted: 0 };
  pad.painter = painter(() => paint(pad));
  drags(canvas, {
    start: (event) => start(pad, place(pad, event)),
    move: (event) => { if (pad.down) extend(pad, place(pad, event)); },
    end: () => end(pad),
  });
  undo.onclick = () => { pad.strokes.pop(); changed(pad); };
  clear.onclick = () => { pad.strokes = []; changed(pad); };
  canvas.onkeydown = (event) => keys(pad, event);
  canvas.onblur = () => { end(pad); pad.cursor = null; pad.painter.again(); };
  return pad;
}

// Arrows move a pen, space puts it down and lifts it.
function keys(pad, event) {
  const step = arrowOf(event);
  if (!step && event.key !== " ") return;
  event.preventDefault();
  pad.cursor ??= [0, 0];
  if (event.key === " ") {
    if (pad.down) end(pad);
    else start(pad, [...pad.cursor]);
  } else {
    const far = event.shiftKey ? 0.5 : 0.1;
    pad.cursor = pad.cursor.map((x, i) => within(pad, x + far * step[i]));
    if (pad.down) extend(pad, [...pad.cursor]);
  }
  pad.painter.again();
}

const within = (pad, x) => clamp(x, -pad.limit, pad.limit);

function place(pad, event) {
  const [x, y] = shareOf(pad.canvas, event);
  return [within(pad, (x - 0.5) * 2 * pad.limit), within(pad, (0.5 - y) * 2 * pad.limit)];
}

function start(pad, at) {
  if (pad.strokes.length >= pad.most) {
    pad.words.textContent = `${pad.most} strokes are the most. Undo one to draw on.`;
    return;
  }
  pad.down = true;
  pad.strokes.push([at]);
  pad.painter.again();
}

function extend(pad, at) {
  const stroke = pad.strokes.at(-1);
  const [x, y] = stroke.at(-1);
  if (Math.hypot(at[0] - x, at[1] - y) < pad.limit / 100) return;
  if (stroke.length < 400) stroke.push(at);
  pad.painter.again();
}

function end(pad) {
  if (!pad.down) return;
  pad.down = false;
  changed(pad);
}

function changed(pad) {
  pad.painter.again();
  clearTimeout(pad.timer);
  pad.timer = setTimeout(() => {
    pad.send(pad.strokes.map((stroke) => stroke.map((at) => at.map((x) => Number(x.toFixed(2))))));
  }, 150);
}

function paint(pad) {
  const size = pad.canvas.clientWidth;
  if (!size) return;
  const pen = sharp(pad.canvas, size, size);
  pen.strokeStyle = pad.colours.line;
  pen.lineWidth = 1;
  pen.strokeRect(0.5, 0.5, size - 1, size - 1);
  pen.beginPath();
  pen.moveTo(size / 2, 0); pen.lineTo(size / 2, size); pen.moveTo(0, size / 2); pen.lineTo(size, size / 2);
  pen.stroke();
  const at = ([x, y]) => [(0.5 + x / 2 / pad.limit) * size, (0.5 - y / 2 / pad.limit) * size];
  pen.strokeStyle = pad.colours.ink;
  pen.lineWidth = 6;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of pad.strokes) {
    pen.beginPath();
    pen.moveTo(...at(stroke[0]));
    for (const point of stroke) pen.lineTo(...at(point));
    pen.stroke();
  }
  if (pad.cursor) {
    const [x, y] = at(pad.cursor);
    pen.strokeStyle = pad.colours.text;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, pad.down ? 5 : 9, 0, 7);
    pen.stroke();
  }
  const count = pad.strokes.length;
  pad.undo.disabled = pad.clear.disabled = !count;
  if (!pad.words.textContent.includes("most") || count < pad.most) {
    pad.words.textContent = count ? `${count} stroke${count > 1 ? "s" : ""}` : "Draw here, by hand or with arrows and space.";
  }
  pad.painted += 1;
}
