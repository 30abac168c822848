// Copies the page's address, which holds the whole experiment, without what only the host may have.
// As it stands on every page, it also asks for the page again when a server came back.
// data: { private }, parameters that are left out, as is what stands behind the "#".

import { whenBack } from "./again.js";
import { button, rootOf, tag } from "./shared/element.js";

export default function (component) {
  const root = rootOf(component), copy = (root.copy ??= build(root, component.data.private));
  const end = whenBack(() => component.setTriggerValue("again", true));
  return () => {
    clearTimeout(copy.timer);
    end();
  };
}

function build(root, left) {
  const shared = () => {
    const address = new URL(location.href);
    for (const key of left) address.searchParams.delete(key);
    address.hash = "";
    return address.href;
  };
  const copy = button("", {}, "Copy link");
  root.append(copy, tag("span", "", { role: "status" }));
  const done = (text) => {
    copy.textContent = text;
    clearTimeout(copy.timer);
    copy.timer = setTimeout(() => { copy.textContent = "Copy link"; }, 2000);
  };
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(shared());
      done("Link copied");
    } catch {
      // Without permission or a secure origin, offer the address to be copied by hand.
      const field = root.querySelector("input") ?? root.appendChild(tag("input", "", { readonly: "", "aria-label": "The link to this experiment" }));
      field.value = shared();
      field.select();
      field.onblur = () => field.remove();
    }
  };
  return copy;
}
