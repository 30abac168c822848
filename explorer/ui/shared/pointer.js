// The hand on a pad: one pointer at a time (mouse, finger or pen), its main button only.

// `start`, `move` and `end` are called with events; a gesture that the browser cancels ends as well.
// Moves are all positions that the hand passed, not only those that a frame caught.
export function drags(node, { start, move, end }) {
  let held = null;
  const release = (event) => {
    if (event.pointerId !== held) return;
    held = null;
    end(event);
  };
  node.addEventListener("pointerdown", (event) => {
    if (held !== null || event.button !== 0) return;
    held = event.pointerId;
    node.setPointerCapture(held);
    start(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) move(each);
  });
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) node.addEventListener(kind, release);
  return { held: () => held !== null };
}

// A pointer that hovers, a mouse or a pen, and null when it leaves; not while something is dragged.
export function hovers(node, drag, at) {
  node.addEventListener("pointermove", (event) => { if (!drag.held() && event.pointerType !== "touch") at(event); });
  node.addEventListener("pointerleave", () => at(null));
}

// Where an event lies in a node: shares of its width and of its height.
export function shareOf(node, event) {
  const box = node.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

// The direction of an arrow key, y upwards; undefined for any other key.
export const arrowOf = (event) => ({ ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] })[event.key];
