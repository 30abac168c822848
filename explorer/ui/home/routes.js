// Guided paths. data: { routes: [{ title, promise, stops: [{ page, title, todo, query }] }] }.

import { differs, inSession, rootOf, tag } from "../shared/element.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  if (!differs(root, data)) return;
  const stop = ({ page, title, todo, query }) => {
    const asked = new URLSearchParams(query).toString();
    const link = tag("a", "", { href: page + (asked && `?${asked}`) }, tag("b", "", {}, title), tag("span", "", {}, todo));
    link.onclick = inSession(() => component.setTriggerValue("go", { name: page, query }));
    return tag("li", "", {}, link);
  };
  root.replaceChildren(...data.routes.map((route) => tag("section", "", {},
    tag("h3", "", {}, route.title), tag("p", "", {}, route.promise), tag("ol", "", {}, ...route.stops.map(stop)))));
}
