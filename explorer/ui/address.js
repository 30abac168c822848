// The address of the page: one entry of the browser's history for each act of the visitor, and behind
// the "#" the key of a class's host, which is sent to no server and stands in no log.
// data: { host, left }: the key that the server knows, and the one whose room was left.

import { rootOf } from "./shared/element.js";

const HOST = /^#host=([A-Z2-9]+)$/;
const ACTS_WHEN_CLICKED = "a, button, label, summary, [role=option], [role=radio], [role=tab], [role=checkbox], [role=switch]";
const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "CapsLock", "Tab"];

export default function (component) {
  const root = rootOf(component), { host, left } = component.data, shown = key();
  guard();
  if (host) mark(host);
  else if (shown && shown === left) mark("");
  else if (shown && shown !== root.told) {
    root.told = shown;
    component.setStateValue("host", shown);
  }
}

const key = () => HOST.exec(location.hash)?.[1] ?? "";

function mark(host) {
  if (host !== key()) history.replaceState(history.state, "", location.pathname + location.search + (host ? `#host=${host}` : ""));
}

// Streamlit pushes an entry for every parameter that the server sets, and none for a slider that moves.
// Here the first change of the address after an act makes an entry, and what follows belongs to it.
function guard() {
  if ("guarded" in document.documentElement.dataset) return;
  document.documentElement.dataset.guarded = "";
  const push = history.pushState.bind(history), replace = history.replaceState.bind(history);
  let acted = false, slider = null, latest = location.href;
  const begins = ({ type, detail, repeat, key, target }) => {
    const moved = type === "keydown" ? target.closest?.("[role=slider]") : null, again = moved && moved === slider;
    slider = moved;
    if (type === "keydown") return !repeat && !again && !MODIFIERS.includes(key);
    return type === "pointerdown" || !detail || target.closest?.(ACTS_WHEN_CLICKED);
  };
  const act = (event) => {
    const { type, detail, repeat, key } = event;
    if (begins({ type, detail, repeat, key, target: event.composedPath()[0] })) acted = true;
  };
  for (const type of ["pointerdown", "click", "keydown"]) addEventListener(type, act, true);
  addEventListener("popstate", () => { acted = false; }, true);
  const go = (state, unused, address) => {
    const to = new URL(address ?? location.href, location.href), same = to.pathname + to.search === location.pathname + location.search;
    if (!same && HOST.test(location.hash)) to.hash ||= location.hash;
    const store = acted && !same ? push : replace;
    if (!same) acted = false;
    store(state, unused, to);
    latest = location.href;
  };
  history.pushState = history.replaceState = go;
  fold(() => replace({}, "", latest));
}

// What the server corrected in a link before this was here made entries of its own. They become one.
function fold(settle) {
  const { currentEntry, entries } = /** @type {any} */ (window).navigation ?? {};
  const [load] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (!currentEntry || load?.type !== "navigate") return;
  const before = entries.call(window["navigation"]).slice(0, currentEntry.index), extra = before.filter((entry) => entry.sameDocument);
  if (!extra.length) return;
  addEventListener("popstate", (event) => {
    event.stopImmediatePropagation();
    settle();
    mark(HOST.exec(new URL(extra[0].url).hash)?.[1] ?? key());
  }, { capture: true, once: true });
  history.go(-extra.length);
}
