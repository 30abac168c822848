// Which frame is due. `follow` keeps a little behind a run that trains, at the pace at which frames
// arrive; `play` runs through what is there; `still` waits for the visitor.

import { clamp } from "../shared/number.js";

const FPS = 30; // at speed 1
export const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Clock {
  at = 0;
  mode = "still";
  speed = 1;
  wants = "train";
  supply = FPS; // frames that arrive in a second
  last = 0;
  over = false;

  get frame() { return Math.floor(this.at + 1e-6); }
  get playing() { return this.mode !== "still"; }
  get edge() { return this.at >= this.last - 1e-6; }

  // A run comes on: from its start, or where it is just now when it has been going for a while.
  begin({ autoplay, ended, total }) {
    this.wants = "train";
    this.mode = autoplay ? (ended ? "play" : "follow") : "still";
    this.at = !ended && total > 2 * FPS ? total - 1 : 0;
    if (calm.matches && autoplay) [this.mode, this.at] = [ended ? "still" : "follow", total - 1];
  }

  // There are now `count` frames, and there will be no more when `over`.
  extend(count, over, seconds) {
    const more = count - 1 - this.last;
    if (more > 0 && seconds > 0.05) this.supply += (clamp(more / seconds, 1, 120) - this.supply) * 0.4;
    this.last = count - 1;
    this.over = over;
    this.at = clamp(this.at, 0, this.last);
    if (calm.matches && this.mode === "follow") this.at = this.last;
    if (over && this.mode === "follow") this.mode = calm.matches ? "still" : "play";
  }

  // Let seconds pass; `interval` is how far apart deliveries are.
  pass(seconds, interval) {
    if (this.mode === "play") {
      this.at = Math.min(this.last, this.at + seconds * FPS * this.speed);
      if (this.edge) this.mode = this.over ? "still" : "follow";
    } else if (this.mode === "follow" && !calm.matches) {
      const ahead = this.last - this.at, usual = Math.max(1, this.supply * interval * 1.15);
      if (ahead > usual + 3 * FPS) this.at = this.last - usual;
      const pace = this.supply * clamp(ahead / usual, 0.55, 1.7);
      this.at = Math.min(this.last, this.at + seconds * pace);
    }
  }

  toggle() {
    if (this.playing) [this.mode, this.wants] = ["still", "rest"];
    else this.go();
  }
  go() {
    this.wants = "train";
    if (this.edge && this.over) this.at = 0;
    this.mode = this.edge && !this.over ? "follow" : "play";
  }
  follow() {
    [this.mode, this.wants, this.at] = ["follow", "train", this.last];
    if (this.over) this.mode = "still";
  }
  // To another frame and stay there; the run goes on meanwhile.
  seek(to) {
    this.at = clamp(to, 0, this.last);
    this.mode = "still";
  }
  // One frame at a time: the run waits as well. False when the frame is still to be computed.
  step(by) {
    const to = by > 0 ? this.frame + by : Math.ceil(this.at - 1e-6) + by;
    if (!this.over) this.wants = "rest";
    this.mode = "still";
    if (to > this.last) return this.over;
    this.at = clamp(to, 0, this.last);
    return true;
  }
}
