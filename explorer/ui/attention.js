// One head, number by number. data: see explorer/ui/attention.py. Pointing at a cell of the table
// tells how it came about; pointing at a letter of a formula lights up what it stands for.
const PARTS = ["q", "k", "score", "weight", "row", "value", "out"];

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data);
  if (root.signature === signature) return;
  root.signature = signature;
  const n = data.symbols.length;
  const state = { at: data.at, data, most: largest(data) };
  const table = grid(data, n, Math.min(460, root.clientWidth || 460));
  const story = tag("div", { className: "story" });
  const two = tag("div", { className: "two" });
  const box = tag("div", { className: "grid" }, [table]);
  two.append(box, story);
  root.replaceChildren(
    tag("h3", { textContent: data.title }),
    tag("p", { textContent: "Point at a cell: the numbers that made it appear beside it. Point at a letter of a formula: what it stands for lights up. Arrow keys move, too. Orange is above zero, violet below." }),
    two,
  );
  const choose = (i, j) => {
    state.at = [Math.min(Math.max(i, 0), n - 1), Math.min(Math.max(j, 0), n - 1)];
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

function tag(name, properties = {}, children = []) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

const three = (v) => (v === 0 ? "0" : Math.abs(v) >= 1e6 || Math.abs(v) < 0.001 ? v.toExponential(1) : Math.abs(v) >= 100 ? v.toFixed(0) : `${+v.toPrecision(3)}`);
const largest = ({ q, k, v }) => [q, k, v].map((m) => Math.max(1e-9, ...m.flat().map(Math.abs)));

function tone(value, most) {
  const colour = value < 0 ? "var(--st-violet-color)" : "var(--st-orange-color)";
  return `color-mix(in srgb, ${colour} ${Math.round(100 * Math.min(1, Math.abs(value) / most))}%, var(--st-secondary-background-color))`;
}

// `room`: pixels that the table may be wide.
function grid(data, n, room) {
  const table = tag("table", { tabIndex: 0 });
  table.setAttribute("aria-label", `${data.title}: attention of each place (rows) on each place (columns)`);
  table.style.setProperty("--cell", `${Math.max(6, Math.min(20, Math.floor((room - 18) / n) - 1))}px`);
  data.symbols.forEach((symbol, i) => {
    const row = tag("tr", {}, [tag("th", { textContent: symbol })]);
    for (let j = 0; j < n; j++) {
      const cell = tag("td");
      cell.dataset.at = `${i},${j}`;
      if (data.scores[i][j] === null) cell.className = "no";
      else cell.style.setProperty("--tone", tone(data.weights[i][j], 1));
      row.append(cell);
    }
    table.append(row);
  });
  table.append(tag("tr", {}, [tag("th"), ...data.symbols.map((textContent) => tag("th", { textContent }))]));
  return table;
}

function mark(table, [i, j]) {
  table.querySelector("td.at")?.classList.remove("at");
  table.rows[i].cells[j + 1].classList.add("at");
  lightTable(table, [i, j], "");
}

// What a letter stands for in the table: the looking place, the place looked at, the cell, its row.
function lightTable(table, [i, j], part) {
  for (const node of table.querySelectorAll(".lit")) node.classList.remove("lit");
  const row = table.rows[i], foot = table.rows[table.rows.length - 1];
  if (part === "q" || part === "out") row.cells[0].classList.add("lit");
  if (part === "k" || part === "value") foot.cells[j + 1].classList.add("lit");
  if (part === "score" || part === "weight") row.cells[j + 1].classList.add("lit");
  if (part === "row") [...row.cells].slice(1).forEach((cell) => cell.className !== "no" && cell.classList.add("lit"));
}

function tell({ at: [i, j], data, most }, story) {
  const { q, k, v, out, scores, weights, symbols } = data, d = q[0].length;
  const here = `“${symbols[i]}” (place ${i + 1})`, there = `“${symbols[j]}” (place ${j + 1})`;
  const score = scores[i][j];
  if (score === null) {
    story.replaceChildren(line([`Place ${j + 1} comes after place ${i + 1}: the mask hides it, so its share is 0.`]));
    return;
  }
  const products = q[i].map((value, c) => value * k[j][c]), dot = score * Math.sqrt(d);
  const seen = scores[i].filter((s) => s !== null), total = seen.reduce((sum, s) => sum + Math.exp(s), 0);
  const a = weights[i][j];
  story.replaceChildren(
    line([
      formula(["s", ["score"]], " = ", ["q", ["q"]], " · ", ["k", ["k"]], ` / √${d}`),
      strip("q", `asks: ${here}`, q[i], most[0]),
      strip("k", `offers: ${there}`, k[j], most[1]),
      strip("score", "number by number", products, Math.max(...products.map(Math.abs), 1e-9)),
      numbers(`${three(dot)} / ${three(Math.sqrt(d))} = `, ["score", three(score)]),
    ]),
    line([
      formula(["a", ["weight"]], " = exp(", ["s", ["score"]], ") / ", ["Σ exp(s)", ["row"]]),
      bars(weights[i], scores[i], symbols, j),
      numbers(`exp(${three(score)}) / `, ["row", three(total)], " = ", ["weight", three(a)], ` of its attention`),
    ]),
    line([
      formula(["head", ["out"]], " = ", ["Σ", ["row"]], " ", ["a", ["weight"]], " ", ["v", ["value"]]),
      strip("value", `holds: ${there}`, v[j], most[2]),
      strip("weight", `${three(a)} of it`, v[j].map((value) => a * value), most[2]),
      strip("out", "sum over the row", out[i], most[2]),
    ]),
  );
}

const line = (children) => tag("div", { className: "line" }, children);

function part(name, words) {
  const node = tag("span", { textContent: words, tabIndex: 0 });
  node.dataset.part = PARTS.includes(name) ? name : "";
  return node;
}

const formula = (...pieces) => tag("div", { className: "formula" }, pieces.map((p) => (typeof p === "string" ? p : part(p[1][0], p[0]))));
const numbers = (...pieces) => tag("div", { className: "numbers" }, pieces.map((p) => (typeof p === "string" ? p : part(...p))));

function strip(name, words, values, most) {
  const cells = tag("div", { className: "cells" }, values.map((value, c) => {
    const cell = tag("i", { title: `number ${c + 1}: ${three(value)}` });
    cell.style.setProperty("--tone", tone(value, most));
    return cell;
  }));
  const node = tag("div", { className: "strip" }, [tag("span", { textContent: words }), cells]);
  node.dataset.part = name;
  return node;
}

function bars(weights, scores, symbols, j) {
  return tag("div", { className: "bars" }, weights.flatMap((weight, l) => {
    if (scores[l] === null) return [];
    const bar = tag("b");
    bar.style.height = `${Math.round(26 * weight)}px`;
    const node = tag("div", { className: l === j ? "at" : "", title: `${symbols[l]}: ${three(weight)}` }, [bar, symbols[l]]);
    return [node];
  }));
}
