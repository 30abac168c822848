// The map of all pages. data: { cards: [{ name, title, question, line, section, light, dark }] }.
// A plain click stays in the session (trigger "go"); any other click is an ordinary link.

import { differs, inSession, placed, rootOf, tag } from "../shared/element.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  const dark = getComputedStyle(root).colorScheme.includes("dark");
  if (!differs(root, [data, dark])) return;
  root.replaceChildren(...data.cards.map((card, index) => {
    const src = dark ? card.dark : card.light;
    const link = tag("a", "", { href: card.name },
      tag("div", "picture", {}, ...(src ? [tag("img", "", { src, alt: "" })] : [])),
      tag("p", "section", {}, `${index + 1} · ${card.section}`),
      tag("h3", "", {}, card.title),
      tag("p", "question", {}, card.question),
      tag("p", "", {}, card.line));
    link.onclick = inSession(() => component.setTriggerValue("go", { name: card.name }));
    return link;
  }));
  placed(root);
}
