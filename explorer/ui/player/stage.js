// The picture: a canvas per panel, arrows between them, and what the pointer finds.

import { pixelRatio } from "../shared/canvas.js";
import { tag, write } from "../shared/element.js";
import { viewOf } from "./axes.js";
import { calm } from "./clock.js";
import { drawFlows, flowWords, svg } from "./flows.js";
import { Tip } from "./hover.js";
import { WIDE, arrange, imagesAspect } from "./layout.js";
import { paint } from "./marks.js";
import { onTheWay } from "./wire.js";

const KEPT = 60; // pictures of fields and images that are kept, for playing the same again

export class Stage {
  scene = null;
  panels = [];

  constructor(parent) {
    this.node = tag("div", "stage", { role: "img", tabindex: "0" });
    this.overlay = svg("svg", { class: "flows", "aria-hidden": "true" });
    this.veil = tag("div", "veil", { role: "alert" });
    this.node.append(this.overlay, this.veil);
    this.tip = new Tip(this.node);
    parent.append(this.node);
    this.slots = [];
    this.pictures = new Map();
    this.hidden = new Set();
    this.structure = "";
  }

  // Build panels for a scene unless they stand already, and lay them out.
  build(scene, panels) {
    const structure = JSON.stringify([scene.rows, scene.flows.map((f) => [f.source, f.target, f.label]), panels.map((p) => [p.title, p.kind, p.span, p.kind === "plane" && [p.xlim, p.ylim], imagesAspect(p)])]);
    if (structure === this.structure) return;
    this.structure = structure;
    for (const slot of this.slots) slot.figure.remove();
    this.slots = panels.map((panel, index) => this.slot(panel, index));
    this.node.prepend(...this.slots.map((slot) => slot.figure));
    [this.scene, this.panels] = [scene, panels];
    this.layout();
  }

  slot(panel, index) {
    const title = tag("figcaption", "", {}, panel.title), canvas = tag("canvas"), caption = tag("p", "caption", {}, panel.caption);
    const passes = tag("p", "passes");
    const slot = { index, title, canvas, caption, passes, figure: tag("figure", `panel ${panel.kind}`, {}, title, canvas, caption, passes), key: null, lowest: 0 };
    const point = (event) => {
      if (slot.view) this.tip.show(slot, event.offsetX, event.offsetY, this.hidden, this.theme, this.node.clientWidth);
    };
    canvas.onpointermove = canvas.onpointerdown = point;
    canvas.onpointerleave = canvas.onpointercancel = () => this.tip.hide();
    return slot;
  }

  layout() {
    const width = this.node.clientWidth;
    if (!width || !this.scene) return;
    this.width = width;
    const arrows = this.scene.flows.length > 0 && width > WIDE;
    this.slots.forEach((slot) => {
      const words = arrows ? [] : flowWords(this.scene, this.panels, slot.index);
      slot.passes.replaceChildren(...words.map(({ flow, role, text }) => tag("span", "", { "data-flow": flow, style: `color: var(--${role})` }, text)));
    });
    const foot = (i, w) => {
      this.slots[i].figure.style.width = `${w}px`;
      return Math.max(this.slots[i].lowest, this.slots[i].caption.offsetHeight + this.slots[i].passes.offsetHeight);
    };
    const page = arrange(this.scene, this.panels, width, foot);
    page.slots.forEach((place, i) => {
      const slot = Object.assign(this.slots[i], place, { key: null });
      slot.lowest = slot.foot;
      Object.assign(slot.figure.style, { left: `${place.x}px`, top: `${place.y}px` });
      Object.assign(slot.canvas.style, { width: `${place.w}px`, height: `${place.h}px` });
      slot.title.style.fontSize = "";
      const over = slot.title.scrollWidth / slot.title.clientWidth; // a title stands in one line
      if (over > 1) slot.title.style.fontSize = `${Math.floor(130 / over) / 10}px`;
    });
    this.node.style.height = `${Math.ceil(page.height)}px`;
    drawFlows(this.overlay, this.scene, page, width);
    this.tip.hide();
  }

  recolour(theme) {
    if (theme === this.theme) return;
    this.theme = theme;
    this.pictures.clear();
    this.dirty();
  }

  dirty() {
    for (const slot of this.slots) slot.key = null;
  }

  keep(name, make) {
    let picture = this.pictures.get(name);
    if (!picture) {
      if (this.pictures.size >= KEPT) this.pictures.delete(this.pictures.keys().next().value);
      this.pictures.set(name, (picture = make()));
    }
    return picture;
  }

  // Draw what changed of a frame, or of the `part` of the way from it to the next. True if anything did.
  draw(recording, index, part = 0) {
    const frame = recording.frames[index], next = part > 0 && recording.frames[index + 1], ratio = pixelRatio();
    const keep = (name, make) => this.keep(name, make);
    let drawn = false;
    frame.panels.forEach((at, i) => {
      const between = next && onTheWay(at, next.panels[i], part), panel = between || at;
      const slot = this.slots[i], key = `${at.key} ${between ? part : 0} ${recording.limits[i].x} ${recording.limits[i].y}`;
      if (slot.key === key) return;
      slot.key = key;
      slot.panel = panel;
      slot.view = viewOf(panel, recording.limits[i], slot.w, slot.h);
      slot.view.dpr = ratio;
      paint(slot.canvas, panel, slot.view, this.theme, this.hidden, keep, slot.w, slot.h);
      this.words(slot, panel);
      drawn = true;
    });
    frame.scene.flows.forEach((flow, n) => {
      this.overlay.children[n]?.classList.toggle("active", flow.active);
      for (const words of this.node.querySelectorAll(`.passes [data-flow="${n}"]`)) words.classList.toggle("active", flow.active);
    });
    if (drawn && this.tip.at) {
      const { slot, px, py } = this.tip.at;
      this.tip.show(slot, px, py, this.hidden, this.theme, this.node.clientWidth);
    }
    return drawn;
  }

  words(slot, panel) {
    slot.figure.classList.toggle("active", panel.active);
    write(slot.title, panel.title);
    if (slot.caption.textContent === panel.caption) return;
    slot.caption.textContent = panel.caption;
    if (slot.caption.offsetHeight + slot.passes.offsetHeight > slot.lowest) this.layout();
  }

  // What is on screen fades out over what comes next.
  fade() {
    if (calm.matches || !this.slots.some((slot) => slot.view)) return;
    for (const slot of this.slots) {
      if (!slot.view || !slot.canvas.width) continue;
      const ghost = tag("canvas", "ghost", { width: slot.canvas.width, height: slot.canvas.height, "aria-hidden": "true" });
      ghost.getContext("2d").drawImage(slot.canvas, 0, 0);
      Object.assign(ghost.style, { left: `${slot.x}px`, top: `${slot.top}px`, width: `${slot.w}px`, height: `${slot.h}px` });
      ghost.onanimationend = () => ghost.remove();
      this.node.append(ghost);
    }
  }
}
