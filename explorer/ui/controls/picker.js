// Radio buttons that are pictures. data: { label, chosen, options: [{ key, label, src, ink }] };
// `ink` pictures are masks drawn in a colour of the theme. A choice is sent as trigger "picked".

import { button, differs, rootOf, tag } from "../shared/element.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  if (differs(root, data.options)) {
    root.setAttribute("role", "radiogroup");
    root.replaceChildren(...data.options.map(tile));
  }
  root.setAttribute("aria-label", data.label);
  root.send = (key) => component.setTriggerValue("picked", key);
  show(root, data.chosen);

  root.onclick = (event) => {
    const chosen = event.target.closest("button");
    if (chosen) choose(root, chosen, 0);
  };
  root.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...root.children];
    const at = all.indexOf(event.target.closest("button"));
    choose(root, all[(at + step + all.length) % all.length], 250); // pass by without a run each
  };
  return () => clearTimeout(root.timer);
}

function choose(root, chosen, wait) {
  show(root, chosen.dataset.key);
  chosen.focus();
  clearTimeout(root.timer);
  root.timer = setTimeout(() => root.send(chosen.dataset.key), wait);
}

function show(root, chosen) {
  const known = [...root.children].some((each) => each.dataset.key === chosen);
  [...root.children].forEach((each, index) => {
    const on = each.dataset.key === chosen;
    each.setAttribute("aria-checked", on);
    each.tabIndex = on || (!known && index === 0) ? 0 : -1;
  });
}

function tile({ key, label, src, ink }) {
  const picture = ink ? tag("i") : tag("img", "", { src, alt: "" });
  if (ink) picture.style.setProperty("--picture", `url(${src})`);
  return button("", { "data-key": key, role: "radio" }, picture, tag("span", "", {}, label));
}
