// What a lesson locks and Streamlit cannot disable holds still for the keyboard, too: pads and
// pickers are inert, whenever they are mounted. data: { held }, a selector.

import { rootOf } from "../shared/element.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  root.held = data.held;
  root.watch ??= new MutationObserver(() => hold(root.held));
  root.watch.observe(document.body, { childList: true, subtree: true });
  hold(root.held);
  return () => setTimeout(() => { // also called after a message that another one overtook
    if (root.isConnected) return;
    root.watch.disconnect();
    hold("");
  }, 0);
}

function hold(selector) {
  const held = new Set(selector ? document.querySelectorAll(selector) : []);
  for (const node of document.querySelectorAll("[data-held]")) if (!held.has(node)) letGo(node);
  for (const node of held) {
    node.inert = true;
    node.dataset.held = "";
  }
}

function letGo(node) {
  node.inert = false;
  delete node.dataset.held;
}
