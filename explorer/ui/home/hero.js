// A picture that moves once: points of pure noise follow the exact score of
// eight Gaussians (the probability-flow equation dx/ds = -s * score, Karras et al. 2022), computed
// here in the browser.

import { painter, sharp } from "../shared/canvas.js";
import { button, colourOf, rootOf, tag } from "../shared/element.js";

const MODES = Array.from({ length: 8 }, (_, k) => [2 * Math.cos((k * Math.PI) / 4), 2 * Math.sin((k * Math.PI) / 4)]);
const [WIDTH, STEPS, COUNT, FROM, TO] = [0.12, 110, 700, 3.2, 0.02];

export default function (component) {
  const root = rootOf(component), hero = (root.hero ??= build(root));
  hero.colours = ["orange-color", "text-color"].map(colourOf(root));
  hero.painter.watch(hero.canvas);
  hero.painter.again();
  return () => { hero.painter.stop(); cancelAnimationFrame(hero.frame); };
}

function build(root) {
  const canvas = tag("canvas", "", { role: "img", "aria-label": "Scattered points gather into eight clusters on a circle." });
  const again = button("", {}, "Run it again");
  const words = "Seven hundred points of noise find eight clusters, by the exact rule that a diffusion model has to learn. ";
  root.append(canvas, tag("p", "", {}, words, again));
  const hero = { canvas, step: 0 };
  hero.painter = painter(() => paint(hero));
  again.onclick = () => play(hero);
  begin(hero);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) while (hero.step < STEPS) advance(hero);
  else play(hero);
  return hero;
}

function begin(hero) {
  let state = 7;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  hero.points = Array.from({ length: COUNT }, () => [FROM * normal(), FROM * normal()]);
  hero.step = 0;
}

const noise = (step) => FROM * (TO / FROM) ** (step / STEPS);

// One Euler step: towards the denoised estimate, by as much as the noise shrinks.
function advance(hero) {
  const [now, next] = [noise(hero.step), noise(hero.step + 1)];
  const spread = WIDTH ** 2 + now ** 2;
  for (const point of hero.points) {
    let [total, x, y] = [0, 0, 0];
    for (const [mx, my] of MODES) {
      const weight = Math.exp(-((point[0] - mx) ** 2 + (point[1] - my) ** 2) / (2 * spread));
      total += weight; x += weight * mx; y += weight * my;
    }
    if (!total) continue;
    const keep = WIDTH ** 2 / spread;
    const clean = [keep * point[0] + (1 - keep) * (x / total), keep * point[1] + (1 - keep) * (y / total)];
    for (const axis of [0, 1]) point[axis] = clean[axis] + (point[axis] - clean[axis]) * (next / now);
  }
  hero.step += 1;
}

function play(hero) {
  cancelAnimationFrame(hero.frame);
  begin(hero);
  const began = performance.now() + 500;
  const tick = (time) => {
    const due = Math.min(STEPS, ((time - began) / 4000) * STEPS);
    while (hero.step < due) advance(hero);
    paint(hero);
    if (hero.step < STEPS) hero.frame = requestAnimationFrame(tick);
  };
  hero.frame = requestAnimationFrame(tick);
}

function paint(hero) {
  const { canvas, colours } = hero;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !colours) return;
  const pen = sharp(canvas, width, height), scale = height / 5.4;
  pen.translate(width / 2, height / 2);
  pen.scale(scale, -scale);
  [pen.fillStyle, pen.strokeStyle] = colours;
  pen.globalAlpha = 0.75;
  for (const [x, y] of hero.points) {
    pen.beginPath();
    pen.arc(x, y, 2.2 / scale, 0, 7);
    pen.fill();
  }
  pen.globalAlpha = 0.8;
  pen.lineWidth = 1.3 / scale;
  pen.setLineDash([4 / scale, 4 / scale]);
  for (const [x, y] of MODES) {
    pen.beginPath();
    pen.arc(x, y, 3 * WIDTH, 0, 7);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}
