// A small grey image painted with a soft brush; in mask mode also a mark on the part to be redone.
// data: { height, width, pixels, marks, round, mask, label }: base64 of one byte per pixel, row by
// row, 0 background and 255 ink. Sends state "drawing": { pixels, marks }.
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const pad = (root.pad ??= build(root));
  pad.send = (drawing) => setStateValue("drawing", drawing);
  const style = getComputedStyle(root);
  pad.colours = {
    ink: rgb(style.getPropertyValue("--st-text-color")),
    paper: rgb(style.getPropertyValue("--st-secondary-background-color")),
    mark: rgb(style.getPropertyValue("--st-orange-color")),
    line: style.getPropertyValue("--st-border-color"),
    text: style.getPropertyValue("--st-text-color"),
  };
  if (pad.round !== data.round || pad.width !== data.width) {
    Object.assign(pad, { round: data.round, width: data.width, height: data.height, past: [] });
    pad.pixels = bytes(data.pixels, data.width * data.height);
    pad.marks = bytes(data.marks, data.width * data.height);
  }
  pad.tools.mark.hidden = !data.mask;
  if (!data.mask && pad.tool === "mark") pad.tool = "draw";
  pad.canvas.setAttribute("aria-label", data.label);
  pad.observer ??= new ResizeObserver(() => redraw(pad));
  pad.observer.observe(root);
  redraw(pad);
  return () => { pad.observer.disconnect(); clearTimeout(pad.timer); cancelAnimationFrame(pad.frame); };
}

const TOOLS = { draw: "Draw", erase: "Erase", mark: "Mark the gap" };

function build(root) {
  const buttons = Object.entries(TOOLS).map(([key, words]) => `<button type="button" data-tool="${key}">${words}</button>`);
  root.innerHTML =
    `<canvas tabindex="0" role="application"></canvas><div class="bar">${buttons.join("")}` +
    '<button type="button" data-act="undo">Undo</button><button type="button" data-act="clear">Clear</button>' +
    '<span role="status"></span></div>';
  const canvas = root.querySelector("canvas");
  const pad = { root, canvas, tool: "draw", past: [], words: root.querySelector("span"), tools: {}, painted: 0 };
  for (const button of root.querySelectorAll("[data-tool]")) {
    pad.tools[button.dataset.tool] = button;
    button.onclick = () => { pad.tool = button.dataset.tool; redraw(pad); };
  }
  root.querySelector("[data-act=undo]").onclick = () => {
    const before = pad.past.pop();
    if (before) { Object.assign(pad, before); changed(pad); }
  };
  root.querySelector("[data-act=clear]").onclick = () => {
    keep(pad);
    pad.pixels = new Uint8Array(pad.pixels.length);
    pad.marks = new Uint8Array(pad.marks.length);
    changed(pad);
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    keep(pad);
    pad.last = place(pad, event);
    dab(pad, pad.last);
  };
  canvas.onpointermove = (event) => {
    if (!pad.last) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) line(pad, place(pad, each));
  };
  canvas.onpointerup = canvas.onpointercancel = () => { if (pad.last) { pad.last = null; changed(pad); } };
  canvas.onkeydown = (event) => keys(pad, event);
  canvas.onblur = () => { pad.cursor = null; redraw(pad); };
  return pad;
}

// Arrows move a brush, space paints where it is.
function keys(pad, event) {
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step && event.key !== " ") return;
  event.preventDefault();
  pad.cursor ??= [Math.floor(pad.width / 2), Math.floor(pad.height / 2)];
  if (step) {
    pad.cursor = [
      Math.min(Math.max(pad.cursor[0] + step[0], 0), pad.width - 1),
      Math.min(Math.max(pad.cursor[1] + step[1], 0), pad.height - 1),
    ];
    redraw(pad);
  } else {
    keep(pad);
    dab(pad, pad.cursor.map((x) => x + 0.5));
    changed(pad);
  }
}

function keep(pad) {
  pad.past.push({ pixels: pad.pixels.slice(), marks: pad.marks.slice() });
  if (pad.past.length > 30) pad.past.shift();
}

function place(pad, event) {
  const box = pad.canvas.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * pad.width, ((event.clientY - box.top) / box.height) * pad.height];
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
      const ink = Math.round(255 * Math.min(Math.max(core + 1 - away, 0), 1));
      const at = row * width + column;
      if (tool === "draw") pad.pixels[at] = Math.max(pad.pixels[at], ink);
      else if (tool === "erase") {
        pad.pixels[at] = Math.min(pad.pixels[at], 255 - ink);
        if (ink > 127) pad.marks[at] = 0;
      } else if (ink > 127) pad.marks[at] = 255;
    }
  }
  redraw(pad);
}

function changed(pad) {
  redraw(pad);
  clearTimeout(pad.timer);
  pad.timer = setTimeout(() => pad.send({ pixels: text(pad.pixels), marks: text(pad.marks) }), 300);
}

const text = (array) => btoa(String.fromCharCode(...array));

function bytes(encoded, length) {
  const found = Uint8Array.from(atob(encoded || ""), (c) => c.charCodeAt(0));
  return found.length === length ? found : new Uint8Array(length);
}

function rgb(colour) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function redraw(pad) {
  cancelAnimationFrame(pad.frame);
  pad.frame = requestAnimationFrame(() => paint(pad));
}

function paint(pad) {
  const { canvas, width, height, colours } = pad;
  const ratio = window.devicePixelRatio || 1;
  const room = Math.min(pad.root.clientWidth, 308);
  if (!room) return;
  const times = Math.max(1, Math.floor((room * ratio) / width)); // whole multiples: hard pixels
  if (canvas.width !== width * times) {
    canvas.width = width * times;
    canvas.height = height * times;
    canvas.style.width = `${(width * times) / ratio}px`;
    canvas.style.height = `${(height * times) / ratio}px`;
  }
  const pen = canvas.getContext("2d");
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
  for (const [key, button] of Object.entries(pad.tools)) button.setAttribute("aria-pressed", key === pad.tool);
  const empty = !pad.pixels.some(Boolean) && !pad.marks.some(Boolean);
  pad.root.querySelector("[data-act=undo]").disabled = !pad.past.length;
  pad.root.querySelector("[data-act=clear]").disabled = empty;
  pad.words.textContent = empty ? "Draw here, by hand or with arrows and space." : "";
  pad.painted += 1;
}
