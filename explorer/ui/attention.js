// One head, number by number. data: see explorer/ui/attention.py. Pointing at a cell of the table
// tells how it came about; pointing at a symbol of a formula lights up what it stands for.

import { differs, rootOf, tag } from "./shared/element.js";
import { clamp, three } from "./shared/number.js";

const PARTS = ["q", "k", "score", "weight", "row", "value", "out"];

export default function (component) {
  const { data } = component, root = rootOf(component);
  if (!differs(root, data)) return;
  const n = data.tokens.length;
  const state = { at: data.at, data, most: largest(data) };
  const table = grid(data, n, Math.min(460, root.clientWidth || 460));
  const story = tag("div", "story");
  root.replaceChildren(
    tag("h3", "", {}, data.title),
    tag("p", "", {}, "Point at a cell: the numbers from which it is computed appear beside it. Point at a symbol of a formula: what it stands for lights up. Arrow keys move, too. Orange is above zero, violet below."),
    tag("div", "two", {}, tag("div", "grid", {}, table), story),
  );
  const choose = (i, j) => {
    state.at = [clamp(i, 0, n - 1), clamp(j, 0, n - 1)];
    tell(state, story);
    mark(table, state.at);
  };
  table.onpointermove = table.onclick = (event) => {
    const cell = event.target.closest("td");
    if (cell && `${state.at}` !== cell.dataset.at) choose(...cell.dataset.at.split(",").map(Number));
  };
  table.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(state.at[0] + step[0], state.at[1] + step[1]);
  };
  const light = (event) => {
    const part = event.target.closest?.("[data-part]")?.dataset.part;
    for (const each of root.querySelectorAll("[data-part]")) each.classList.toggle("lit", each.dataset.part === part);
    lightTable(table, state.at, part);
  };
  const dark = () => light({ target: root });
  story.onpointerover = light;
  story.onpointerleave = dark;
  story.addEventListener("focusin", light); // there is no onfocusin
  story.addEventListener("focusout", dark);
  choose(...data.at);
}

const largest = ({ q, k, v }) => [q, k, v].map((m) => Math.max(1e-9, ...m.flat().map(Math.abs)));

function tone(value, most) {
  const colour = value < 0 ? "var(--st-violet-color)" : "var(--st-orange-color)";
  return `color-mix(in srgb, ${colour} ${Math.round(100 * Math.min(1, Math.abs(value) / most))}%, var(--st-secondary-background-color))`;
}

// `room`: pixels that the table may be wide.
function grid(data, n, room) {
  const table = tag("table", "", { tabindex: 0, "aria-label": `${data.title}: attention weight of each position (rows) on each position (columns)` });
  table.style.setProperty("--cell", `${Math.max(6, Math.min(20, Math.floor((room - 18) / n) - 1))}px`);
  data.tokens.forEach((token, i) => {
    const row = tag("tr", "", {}, tag("th", "", {}, token));
    for (let j = 0; j < n; j++) {
      const masked = data.scores[i][j] === null, cell = tag("td", masked ? "no" : "", { "data-at": `${i},${j}` });
      if (!masked) cell.style.setProperty("--tone", tone(data.weights[i][j], 1));
      row.append(cell);
    }
    table.append(row);
  });
  table.append(tag("tr", "", {}, tag("th"), ...data.tokens.map((token) => tag("th", "", {}, token))));
  return table;
}

function mark(table, [i, j]) {
  table.querySelector("td.at")?.classList.remove("at");
  table.rows[i].cells[j + 1].classList.add("at");
  lightTable(table, [i, j], "");
}

// What a symbol stands for in the table: the query position, the key position, the cell, its row.
function lightTable(table, [i, j], part) {
  for (const node of table.querySelectorAll(".lit")) node.classList.remove("lit");
  const row = table.rows[i], foot = table.rows[table.rows.length - 1];
  if (part === "q" || part === "out") row.cells[0].classList.add("lit");
  if (part === "k" || part === "value") foot.cells[j + 1].classList.add("lit");
  if (part === "score" || part === "weight") row.cells[j + 1].classList.add("lit");
  if (part === "row") [...row.cells].slice(1).forEach((cell) => cell.className !== "no" && cell.classList.add("lit"));
}

function tell({ at: [i, j], data, most }, story) {
  const { q, k, v, out, scores, weights, tokens } = data, d = q[0].length;
  const here = `“${tokens[i]}” (position ${i + 1})`, there = `“${tokens[j]}” (position ${j + 1})`;
  const score = scores[i][j];
  if (score === null) {
    story.replaceChildren(line(`Position ${j + 1} comes after position ${i + 1}: the causal mask hides it, so its attention weight is 0.`));
    return;
  }
  const products = q[i].map((value, c) => value * k[j][c]), dot = score * Math.sqrt(d);
  const seen = scores[i].filter((s) => s !== null), total = seen.reduce((sum, s) => sum + Math.exp(s), 0);
  const a = weights[i][j];
  story.replaceChildren(
    line(
      formula(["s", ["score"]], " = ", ["q", ["q"]], " · ", ["k", ["k"]], ` / √${d}`),
      strip("q", `query of ${here}`, q[i], most[0]),
      strip("k", `key of ${there}`, k[j], most[1]),
      strip("score", "component by component", products, Math.max(...products.map(Math.abs), 1e-9)),
      numbers(`${three(dot)} / ${three(Math.sqrt(d))} = `, ["score", three(score)]),
    ),
    line(
      formula(["a", ["weight"]], " = exp(", ["s", ["score"]], ") / ", ["Σ exp(s)", ["row"]]),
      bars(weights[i], scores[i], tokens, j),
      numbers(`exp(${three(score)}) / `, ["row", three(total)], " = ", ["weight", three(a)], ` is the attention weight`),
    ),
    line(
      formula(["head", ["out"]], " = ", ["Σ", ["row"]], " ", ["a", ["weight"]], " ", ["v", ["value"]]),
      strip("value", `value of ${there}`, v[j], most[2]),
      strip("weight", `${three(a)} × value`, v[j].map((value) => a * value), most[2]),
      strip("out", "sum over the row", out[i], most[2]),
    ),
  );
}

const line = (...children) => tag("div", "line", {}, ...children);

function part(name, words) {
  return tag("span", "", { tabindex: 0, "data-part": PARTS.includes(name) ? name : "" }, words);
}

const formula = (...pieces) => tag("div", "formula", {}, ...pieces.map((p) => (typeof p === "string" ? p : part(p[1][0], p[0]))));
const numbers = (...pieces) => tag("div", "numbers", {}, ...pieces.map((p) => (typeof p === "string" ? p : part(p[0], p[1]))));

function strip(name, words, values, most) {
  const cells = values.map((value, c) => {
    const cell = tag("i", "", { title: `component ${c + 1}: ${three(value)}` });
    cell.style.setProperty("--tone", tone(value, most));
    return cell;
  });
  return tag("div", "strip", { "data-part": name }, tag("span", "", {}, words), tag("div", "cells", {}, ...cells));
}

function bars(weights, scores, tokens, j) {
  return tag("div", "bars", {}, ...weights.flatMap((weight, l) => {
    if (scores[l] === null) return [];
    const bar = tag("b");
    bar.style.height = `${Math.round(26 * weight)}px`;
    return [tag("div", l === j ? "at" : "", { title: `${tokens[l]}: ${three(weight)}` }, bar, tokens[l])];
  }));
}
