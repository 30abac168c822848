// The presenter's keyboard: keys reach the player from anywhere on the page, and a clicker turns the
// pages of the lesson. data: { back, on }: whether there are stops before and after.

import { button, rootOf, tag } from "../shared/element.js";

export default function (component) {
  const root = rootOf(component);
  root.data = component.data;
  root.go = (where) => component.setTriggerValue("go", where);
  if (!root.firstChild) {
    const end = button("", {}, "End presenting");
    end.onclick = () => root.go("end");
    root.append(tag("p", "", {}, "Space plays, arrows step, Page Up and Page Down turn the pages of a lesson, F fills the screen."), end);
  }
  if (root.listens) return;
  root.listens = (event) => {
    if (!root.isConnected) document.removeEventListener("keydown", root.listens, true);
    else key(root, event);
  };
  document.addEventListener("keydown", root.listens, true);
}

const PLAYER = [" ", "ArrowLeft", "ArrowRight", "Home", "End"];
const TURNS = { PageUp: "back", PageDown: "on" };

function key(root, event) {
  const inside = event.composedPath()[0];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (inside.matches?.("input, textarea, select, [contenteditable], [role=slider], [role=radio]")) return;
  const turn = TURNS[event.key];
  if (turn && root.data[turn]) root.go(turn);
  else if (event.key.toLowerCase() === "f") full();
  else if (PLAYER.includes(event.key) && !inside.matches?.("button, a")) {
    const player = first(document);
    if (!player || event.composedPath().includes(player)) return;
    player.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, shiftKey: event.shiftKey }));
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

// The player that is in sight, or the first one.
function first(from) {
  const all = [...from.querySelectorAll("*")].map((node) => node.shadowRoot?.querySelector(".player")).filter(Boolean);
  const seen = ({ top, bottom }) => bottom > 0 && top < innerHeight;
  return all.find((player) => seen(player.getBoundingClientRect())) ?? all[0];
}
