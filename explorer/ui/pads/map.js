// A map of codes to move on, with the decoded image beside it. Everything happens in the browser:
// the images of a grid of codes came along in one picture (`atlas`), and the nearest one is shown.
// data: { atlas, ink, rows, columns, height, width, limits: [[x0, x1], [y0, y1]], points, classes,
//         names, value: [x, y], round, label }. Sends the settled code as state "value".
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const pad = (root.pad ??= build(root));
  pad.send = (value) => setStateValue("value", value);
  const style = getComputedStyle(root);
  pad.colours = {
    text: style.getPropertyValue("--st-text-color"),
    line: style.getPropertyValue("--st-border-color"),
    accent: style.getPropertyValue("--st-primary-color"),
    classes: style.getPropertyValue("--st-chart-categorical-colors").split(","),
  };
  pad.map.setAttribute("aria-label", data.label);
  if (pad.round !== data.round) {
    pad.round = data.round; // Python asks for this code: at the start, or after a preset
    pad.at = data.value;
  }
  if (pad.data?.atlas !== data.atlas) {
    pad.atlas.onload = () => redraw(pad);
    pad.atlas.src = data.atlas;
  }
  pad.data = data;
  pad.points = points(data);
  pad.layer = null;
  pad.observer ??= new ResizeObserver(() => { pad.layer = null; redraw(pad); });
  pad.observer.observe(root);
  redraw(pad);
  return () => { pad.observer.disconnect(); clearTimeout(pad.timer); cancelAnimationFrame(pad.frame); };
}

function build(root) {
  root.innerHTML =
    '<div class="map"><canvas tabindex="0" role="application"></canvas></div>' +
    '<div class="image"><canvas role="img"></canvas><p role="status"></p></div>';
  const [map, image] = root.querySelectorAll("canvas");
  const pad = { root, map, image, words: root.querySelector("p"), atlas: new Image(), painted: 0 };
  root.pad = pad;
  map.onpointerdown = (event) => { pad.held = true; map.setPointerCapture(event.pointerId); move(pad, event); };
  map.onpointermove = (event) => {
    if (pad.held) move(pad, event);
    else if (event.pointerType === "mouse") { pad.hover = place(pad, event); redraw(pad); }
  };
  map.onpointerup = map.onpointercancel = () => { pad.held = false; settle(pad, 0); };
  map.onpointerleave = () => { pad.hover = null; redraw(pad); };
  map.onkeydown = (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step && event.key !== "Home") return;
    event.preventDefault();
    const { limits: [[x0, x1], [y0, y1]], rows, columns } = pad.data;
    const far = event.shiftKey ? 5 : 1;
    pad.at = step
      ? snap(pad, [pad.at[0] + (far * step[0] * (x1 - x0)) / columns, pad.at[1] + (far * step[1] * (y1 - y0)) / rows])
      : snap(pad, [0, 0]);
    redraw(pad);
    settle(pad, 300);
  };
  return pad;
}

function place(pad, event) {
  const box = pad.map.getBoundingClientRect();
  const { limits: [[x0, x1], [y0, y1]] } = pad.data;
  return [
    x0 + ((event.clientX - box.left) / box.width) * (x1 - x0),
    y1 - ((event.clientY - box.top) / box.height) * (y1 - y0),
  ];
}

function move(pad, event) {
  pad.hover = null;
  pad.hand = place(pad, event);
  pad.at = snap(pad, pad.hand);
  redraw(pad);
  settle(pad, 300);
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
  const clamp = (i, n) => Math.min(Math.max(Math.floor(i), 0), n - 1);
  return [clamp(((x - x0) / (x1 - x0)) * columns, columns), clamp(((y - y0) / (y1 - y0)) * rows, rows)];
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

function redraw(pad) {
  cancelAnimationFrame(pad.frame);
  pad.frame = requestAnimationFrame(() => paint(pad));
}

function sharp(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

function paint(pad) {
  const size = pad.map.clientWidth;
  if (!pad.data || !size) return;
  const { colours, data } = pad;
  const pen = sharp(pad.map, size, size);
  pad.layer ??= cloud(pad, size);
  pen.clearRect(0, 0, size, size);
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
  const layer = document.createElement("canvas");
  const pen = sharp(layer, size, size);
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
    pen.strokeStyle = getComputedStyle(pad.root).getPropertyValue("--st-background-color");
    pen.lineWidth = 4;
    pen.strokeText(name, mid[0] * size, size - mid[1] * size + 4);
    pen.fillStyle = colours.text;
    pen.fillText(name, mid[0] * size, size - mid[1] * size + 4);
  });
  return layer;
}

function picture(pad, column, row) {
  const { height, width, rows, ink } = pad.data;
  const room = pad.image.parentElement.clientWidth;
  const ratio = window.devicePixelRatio || 1;
  const times = Math.max(1, Math.floor((Math.min(room, 224) * ratio) / width)); // whole multiples
  const canvas = pad.image;
  canvas.width = width * times;
  canvas.height = height * times;
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;
  canvas.setAttribute("aria-label", "The image decoded from this code");
  if (!pad.atlas.complete || !pad.atlas.naturalWidth) return;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(pad.atlas, column * width, (rows - 1 - row) * height, width, height, 0, 0, canvas.width, canvas.height);
  if (!ink) return;
  pen.globalCompositeOperation = "source-in";
  pen.fillStyle = pad.colours.text;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.globalCompositeOperation = "source-over";
}
