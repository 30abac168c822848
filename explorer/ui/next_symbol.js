// The chances at each place of a text. data: { places: [{ label, chance, bars: [[label, before, after, then]] }] }.
// The strip above chooses a place; a click on a bar sends its text as trigger "picked".

import { button, rootOf, tag } from "./shared/element.js";
import { percent } from "./shared/number.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  const signature = data.places.map((place) => place.label).join("");
  if (root.signature !== signature || root.at >= data.places.length) root.at = data.places.length - 1;
  root.signature = signature;
  root.places = data.places;
  root.send = (text) => component.setTriggerValue("picked", text);
  draw(root);
}

function draw(root) {
  const held = root.getRootNode().activeElement?.dataset?.name;
  const strip = tag("div", "strip", { role: "group", "aria-label": "Places of the text" });
  root.places.forEach((place, at) => strip.append(letter(root, place, at)));
  const place = root.places[root.at];
  const bars = tag("div", "bars", { role: "group", "aria-label": "What may come next here" });
  const top = Math.max(...place.bars.map((bar) => Math.max(bar[1], bar[2])));
  place.bars.forEach((bar, index) => bars.append(column(root, bar, index, place, top)));
  const all = [...root.places.slice(0, -1), ...place.bars.map(([label]) => ({ label }))].map((each) => each.label).join("");
  const legend = tag("p", "", {}, [
    root.places.length > 1 ? "Above, under each symbol: the bits that it cost." : "",
    root.at === root.places.length - 1
      ? "Outlined: its chance. Filled: after the filters. Click a bar to go on with it."
      : "What was expected at this place. Click a bar to go on from here with it.",
    all.includes("¶") ? "¶ ends the line." : "",
    all.includes("·") ? "· is a space." : "",
  ].filter(Boolean).join(" "));
  root.replaceChildren(strip, bars, legend);
  if (held) root.querySelector(`[data-name="${held}"]`)?.focus();
  strip.scrollLeft = strip.scrollWidth;
}

function letter(root, place, at) {
  const open = !place.label, cost = -Math.log2(Math.max(place.chance, 1e-5));
  const says = open ? "the next symbol" : `${place.label}: chance ${percent(place.chance)}, ${cost.toFixed(1)} bits`;
  const letter = button(open ? "letter open" : "letter", {
    title: says, "aria-label": says, "aria-pressed": at === root.at, "data-name": `place${at}`,
  }, tag("b", "", {}, open ? "?" : place.label), tag("i"), tag("small", "", {}, open ? "next" : cost.toFixed(1)));
  letter.querySelector("i").style.setProperty("--cost", String(Math.min(1, cost / 8)));
  letter.onclick = () => { root.at = at; draw(root); };
  return letter;
}

function column(root, [label, before, after, then], index, place, top) {
  const says = `${label}: ${percent(before)} before, ${percent(after)} after the filters`;
  const bar = button(after > 0 ? "bar" : "bar out", {
    title: says, "aria-label": says, "data-name": `bar${index}`,
  }, tag("small", "", {}, percent(after)), tag("span", "", {}, tag("i", "was"), tag("i", "is")), tag("b", "", {}, label));
  if (label === place.label) bar.classList.add("came");
  bar.querySelector(".was").style.height = `${(100 * before) / top}%`;
  bar.querySelector(".is").style.height = `${(100 * after) / top}%`;
  bar.onclick = () => root.send(then);
  return bar;
}
