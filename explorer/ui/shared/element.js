// Elements: made, and changed only where they differ.

// A new element: tag("button", "play", { type: "button" }, child, "text").
export function tag(name, kind = "", attributes = {}, ...children) {
  const node = document.createElement(name);
  if (kind) node.className = kind;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

export const button = (kind, attributes = {}, ...children) => tag("button", kind, { type: "button", ...attributes }, ...children);

// Most frames change few texts and attributes.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function put(node, key, value) {
  if (node.getAttribute(key) !== value) node.setAttribute(key, value);
}

// The `div.root` of a component; true when `data` differs from what it was built of the last time.
export const rootOf = (component) => component.parentElement.querySelector(".root");

// Say that a component has its height: what follows on the page may be seen; see frame.css.
export function placed(root) {
  const host = root.getRootNode().host;
  put(host?.closest(".stElementContainer") ?? root, "data-ready", "");
  return true;
}

export function differs(root, data) {
  const signature = JSON.stringify(data), before = root.signature;
  root.signature = signature;
  return before !== signature;
}

// The colour that the theme gives to a variable of Streamlit: colourOf(root)("text-color").
export function colourOf(root) {
  const style = getComputedStyle(root);
  return (name) => style.getPropertyValue(`--st-${name}`).trim();
}

// A plain click on a link stays in this session: `go` is called instead.
export const inSession = (go) => (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go();
};
