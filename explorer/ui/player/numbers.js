// The player, in plain parts that player.py joins in this order; they share one scope.
// This part: numbers as text, colours as numbers, small DOM helpers.

const FONT = "12px 'Source Sans', 'Source Sans Pro', system-ui, sans-serif";

// A number with three significant digits.
function three(value) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return size >= 100 ? String(Math.round(value)) : String(+value.toPrecision(3));
}

// What `step` counts is written in full when it is whole: 12,400.
const whole = (value) => (Number.isInteger(value) ? value.toLocaleString("en") : three(value));

// Round numbers between low and high, about `most` of them.
function ticks(low, high, most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? raw;
  const out = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-6; i++) out.push(+(i * step).toPrecision(12));
  return out;
}

// The powers of ten between two logarithms.
function decades(low, high) {
  const out = [];
  for (let p = Math.ceil(low - 1e-9); p <= high + 1e-9; p++) out.push(10 ** p);
  return out;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);
const word = ([r, g, b]) => (255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);

// Whether a colour as the browser reports it is dark.
function isDark(colour) {
  const long = colour.length === 4 ? "#" + [...colour.slice(1)].map((c) => c + c).join("") : colour;
  const parts = long.startsWith("#") ? rgb(long) : (long.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 128;
}

// A new element: tag("button", "play", { type: "button" }, child, "text").
function tag(name, kind = "", attributes = {}, ...children) {
  const node = document.createElement(name);
  if (kind) node.className = kind;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Change text and attributes only when they differ: most frames change few of them.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
function put(node, key, value) {
  if (node.getAttribute(key) !== value) node.setAttribute(key, value);
}
