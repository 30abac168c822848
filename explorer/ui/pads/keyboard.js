// A small piano keyboard: every tap sounds and is written down. The arrow keys move over its keys.
// data: { low, high, most, value: [pitches], names: { pitch: name }, version, label, tempo }.
// Sends the pitches as state "value".

import { button, put, rootOf, tag, write } from "../shared/element.js";
import { play } from "../shared/synth.js";

const BLACK = [1, 3, 6, 8, 10];
const dark = (pitch) => BLACK.includes(pitch % 12);

export default function (component) {
  const { data } = component, root = rootOf(component);
  if (root.built !== `${data.low}-${data.high}`) build(root, data);
  root.send = (value) => component.setStateValue("value", value);
  root.most = data.most;
  root.tempo = data.tempo;
  root.names = data.names;
  put(root.keys, "aria-label", data.label);
  if (root.version !== data.version) {
    root.version = data.version; // Python asks for this melody: at the start, or after a preset
    root.value = [...data.value];
  }
  show(root);
}

function build(root, { low, high, names }) {
  root.built = `${low}-${high}`;
  const pitches = Array.from({ length: high - low + 1 }, (_, at) => low + at);
  const whites = pitches.filter((pitch) => !dark(pitch)).length;
  const keys = tag("div", "keys", { role: "group" });
  let white = 0;
  for (const pitch of pitches) {
    const kind = dark(pitch) ? "key black" : "key white";
    const key = button(kind, { "aria-label": names[pitch], title: names[pitch], tabindex: pitch === 72 ? 0 : -1, "data-pitch": pitch });
    if (dark(pitch)) Object.assign(key.style, { left: `${(100 * (white - 0.3)) / whites}%`, width: `${60 / whites}%` });
    else Object.assign(key.style, { left: `${(100 * white++) / whites}%`, width: `${100 / whites}%` });
    if (pitch % 12 === 0) key.append(tag("small", "", {}, names[pitch]));
    key.onclick = () => tap(root, pitch);
    keys.append(key);
  }
  keys.onkeydown = (event) => move(keys, event);
  const words = tag("p", "melody", { role: "status" });
  const act = (label, work) => {
    const node = button("", {}, label);
    node.onclick = work;
    return node;
  };
  root.listen = act("Play", () => {
    if (root.playing) root.playing.stop();
    else {
      root.playing = play(root.value.flatMap((pitch, at) => [at, 1, pitch]), root.tempo, () => { root.playing = null; write(root.listen, "Play"); });
      write(root.listen, "Stop");
    }
  });
  root.undo = act("Undo", () => change(root, root.value.slice(0, -1)));
  root.clear = act("Clear", () => change(root, []));
  root.keys = keys;
  root.words = words;
  root.value = [];
  root.replaceChildren(tag("div", "room", {}, keys), tag("div", "bar", {}, root.listen, root.undo, root.clear, words));
}

function tap(root, pitch) {
  play([0, 0.8, pitch], 96, () => {});
  if (root.value.length < root.most) change(root, [...root.value, pitch]);
}

// The melody is sent once the hand rests.
function change(root, value) {
  root.value = value;
  show(root);
  clearTimeout(root.timer);
  root.timer = setTimeout(() => root.send(root.value), 500);
}

function show(root) {
  const names = root.value.map((pitch) => root.names[pitch]).join(" ");
  write(root.words, names || "Tap a melody: each note lasts a beat.");
  root.listen.disabled = root.undo.disabled = root.clear.disabled = !root.value.length;
}

function move(keys, event) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 12, ArrowDown: -12 }[event.key];
  const all = [...keys.children], at = all.indexOf(event.target), next = all[at + by];
  if (!by || at < 0) return;
  event.preventDefault();
  if (!next) return;
  all[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
