// What of a frame can be heard: a button for each sound, and a line that moves over its notes.

import { button, put, tag } from "../shared/element.js";
import { play } from "../shared/synth.js";

const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
const PLAY = icon("M8 5v14l11-7z"), STOP = icon("M7 7h10v10H7z");

export class Listen {
  constructor(parent, stage) {
    this.node = tag("div", "listen", { role: "group", "aria-label": "Listen" });
    this.node.hidden = true;
    parent.append(this.node);
    this.line = tag("div", "ruler now");
    this.stage = stage;
    this.key = "";
  }

  show(sounds) {
    this.sounds = sounds;
    const key = sounds.map(({ label, role }) => `${role}:${label}`).join();
    if (key === this.key) return;
    this.key = key;
    this.stop();
    this.node.hidden = !sounds.length;
    this.node.replaceChildren(...sounds.map((sound, index) => this.button(sound, index)));
  }

  button({ label, role }, index) {
    const node = button("", { "aria-pressed": "false", title: `Listen to ${label}` }), face = tag("span");
    node.style.setProperty("--colour", `var(--${role})`);
    face.innerHTML = PLAY;
    node.append(face, tag("span", "", {}, label));
    node.onclick = () => {
      const pressed = node.getAttribute("aria-pressed") === "true";
      this.stop();
      if (pressed) return;
      const { notes, tempo, panel } = this.sounds[index];
      put(node, "aria-pressed", "true");
      face.innerHTML = STOP;
      this.playing = play(notes, tempo, () => {
        put(node, "aria-pressed", "false");
        face.innerHTML = PLAY;
        this.playing = null;
        this.line.remove();
      });
      this.follow(panel);
    };
    return node;
  }

  // The line stands where the music is, on the panel whose x axis counts beats.
  follow(panel) {
    const slot = this.stage.slots[panel], playing = this.playing;
    if (!slot?.view || !playing) return;
    this.stage.node.append(this.line);
    const { box } = slot.view, top = slot.top + box.y;
    Object.assign(this.line.style, { top: `${top}px`, height: `${box.h}px` });
    const move = () => {
      if (this.playing !== playing || !slot.view) return;
      const x = slot.view.x(Math.max(0, playing.at()));
      this.line.style.left = `${slot.x + Math.min(x, box.x + box.w)}px`;
      requestAnimationFrame(move);
    };
    move();
  }

  stop() {
    this.playing?.stop();
  }
}
