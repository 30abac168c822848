// The probabilities at each position of a text. data: { positions: [{ label, probability, bars: [[label, before, after, then]] }] }.
// The strip above chooses a position; a click on a bar sends its text as trigger "picked".

import { button, rootOf, tag } from "./shared/element.js";
import { percent } from "./shared/number.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  const signature = data.positions.map((position) => position.label).join("");
  if (root.signature !== signature || root.at >= data.positions.length) root.at = data.positions.length - 1;
  root.signature = signature;
  root.positions = data.positions;
  root.send = (text) => component.setTriggerValue("picked", text);
  draw(root);
}

function draw(root) {
  const held = root.getRootNode().activeElement?.dataset?.name;
  const strip = tag("div", "strip", { role: "group", "aria-label": "Positions of the text" });
  root.positions.forEach((position, at) => strip.append(letter(root, position, at)));
  const position = root.positions[root.at];
  const bars = tag("div", "bars", { role: "group", "aria-label": "What may come next here" });
  const top = Math.max(...position.bars.map((bar) => Math.max(bar[1], bar[2])));
  position.bars.forEach((bar, index) => bars.append(column(root, bar, index, position, top)));
  const all = [...root.positions.slice(0, -1), ...position.bars.map(([label]) => ({ label }))].map((each) => each.label).join("");
  const legend = tag("p", "", {}, [
    root.positions.length > 1 ? "Above, under each token: the bits that it cost." : "",
    root.at === root.positions.length - 1
      ? "Outlined: probability. Filled: after the filters. Click a bar to continue with its token."
      : "The distribution at this position. Click a bar to continue from here with its token.",
    all.includes("¶") ? "¶ ends the line." : "",
    all.includes("·") ? "· is a space." : "",
  ].filter(Boolean).join(" "));
  root.replaceChildren(strip, bars, legend);
  if (held) root.querySelector(`[data-name="${held}"]`)?.focus();
  strip.scrollLeft = strip.scrollWidth;
}

function letter(root, position, at) {
  const open = !position.label, cost = -Math.log2(Math.max(position.probability, 1e-5));
  const says = open ? "the next token" : `${position.label}: probability ${percent(position.probability)}, ${cost.toFixed(1)} bits`;
  const letter = button(open ? "letter open" : "letter", {
    title: says, "aria-label": says, "aria-pressed": at === root.at, "data-name": `position${at}`,
  }, tag("b", "", {}, open ? "?" : position.label), tag("i"), tag("small", "", {}, open ? "next" : cost.toFixed(1)));
  letter.querySelector("i").style.setProperty("--cost", String(Math.min(1, cost / 8)));
  letter.onclick = () => { root.at = at; draw(root); };
  return letter;
}

function column(root, [label, before, after, then], index, position, top) {
  const says = `${label}: ${percent(before)} before, ${percent(after)} after the filters`;
  const bar = button(after > 0 ? "bar" : "bar out", {
    title: says, "aria-label": says, "data-name": `bar${index}`,
  }, tag("small", "", {}, percent(after)), tag("span", "", {}, tag("i", "was"), tag("i", "is")), tag("b", "", {}, label));
  if (label === position.label) bar.classList.add("came");
  bar.querySelector(".was").style.height = `${(100 * before) / top}%`;
  bar.querySelector(".is").style.height = `${(100 * after) / top}%`;
  bar.onclick = () => root.send(then);
  return bar;
}
