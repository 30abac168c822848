// Strokes drawn by hand in the plane. data: { strokes: [[[x, y], ...], ...], round, limit, label,
// most }. Sends the strokes, in units of the plane, as state "strokes" after each of them.
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const pad = (root.pad ??= build(root));
  pad.send = (strokes) => setStateValue("strokes", strokes);
  const style = getComputedStyle(root);
  pad.colours = {
    ink: style.getPropertyValue("--st-blue-color"),
    line: style.getPropertyValue("--st-border-color"),
    text: style.getPropertyValue("--st-text-color"),
  };
  pad.limit = data.limit;
  pad.most = data.most;
  pad.canvas.setAttribute("aria-label", data.label);
  if (pad.round !== data.round) {
    pad.round = data.round; // Python asks for these strokes: at the start, or after a preset
    pad.strokes = data.strokes.map((stroke) => [...stroke]);
  }
  pad.observer ??= new ResizeObserver(() => redraw(pad));
  pad.observer.observe(root);
  redraw(pad);
  return () => { pad.observer.disconnect(); clearTimeout(pad.timer); cancelAnimationFrame(pad.frame); };
}

function build(root) {
  root.innerHTML =
    '<canvas tabindex="0" role="application"></canvas>' +
    '<div class="bar"><button type="button">Undo</button><button type="button">Clear</button>' +
    '<span role="status"></span></div>';
  const canvas = root.querySelector("canvas");
  const [undo, clear] = root.querySelectorAll("button");
  const pad = { root, canvas, undo, clear, words: root.querySelector("span"), strokes: [], painted: 0 };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    start(pad, place(pad, event));
  };
  canvas.onpointermove = (event) => {
    // Every position the hand passed, not only those that a frame caught.
    const passed = event.getCoalescedEvents?.() ?? [];
    if (pad.down) for (const each of passed.length ? passed : [event]) extend(pad, place(pad, each));
  };
  canvas.onpointerup = canvas.onpointercancel = () => end(pad);
  undo.onclick = () => { pad.strokes.pop(); changed(pad); };
  clear.onclick = () => { pad.strokes = []; changed(pad); };
  canvas.onkeydown = (event) => keys(pad, event);
  canvas.onblur = () => { if (pad.down) end(pad); pad.cursor = null; redraw(pad); };
  return pad;
}

// Arrows move a pen, space puts it down and lifts it.
function keys(pad, event) {
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (!step && event.key !== " ") return;
  event.preventDefault();
  pad.cursor ??= [0, 0];
  if (event.key === " ") {
    if (pad.down) end(pad);
    else start(pad, [...pad.cursor]);
  } else {
    const far = event.shiftKey ? 0.5 : 0.1;
    pad.cursor = pad.cursor.map((x, i) => clamp(pad, x + far * step[i]));
    if (pad.down) extend(pad, [...pad.cursor]);
  }
  redraw(pad);
}

const clamp = (pad, x) => Math.min(Math.max(x, -pad.limit), pad.limit);

function place(pad, event) {
  const box = pad.canvas.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width - 0.5) * 2 * pad.limit;
  const y = (0.5 - (event.clientY - box.top) / box.height) * 2 * pad.limit;
  return [clamp(pad, x), clamp(pad, y)];
}

function start(pad, at) {
  if (pad.strokes.length >= pad.most) {
    pad.words.textContent = `${pad.most} strokes are the most. Undo one to draw on.`;
    return;
  }
  pad.down = true;
  pad.strokes.push([at]);
  redraw(pad);
}

function extend(pad, at) {
  const stroke = pad.strokes.at(-1);
  const [x, y] = stroke.at(-1);
  if (Math.hypot(at[0] - x, at[1] - y) < pad.limit / 100) return;
  if (stroke.length < 400) stroke.push(at);
  redraw(pad);
}

function end(pad) {
  if (!pad.down) return;
  pad.down = false;
  changed(pad);
}

function changed(pad) {
  redraw(pad);
  clearTimeout(pad.timer);
  pad.timer = setTimeout(() => {
    pad.send(pad.strokes.map((stroke) => stroke.map((at) => at.map((x) => Number(x.toFixed(2))))));
  }, 150);
}

function redraw(pad) {
  cancelAnimationFrame(pad.frame);
  pad.frame = requestAnimationFrame(() => paint(pad));
}

function paint(pad) {
  const size = pad.canvas.clientWidth;
  if (!size) return;
  const ratio = window.devicePixelRatio || 1;
  if (pad.canvas.width !== Math.round(size * ratio)) {
    pad.canvas.width = pad.canvas.height = Math.round(size * ratio);
  }
  const pen = pad.canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size, size);
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
