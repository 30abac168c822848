// What the panels pass to one another: straight arrows across the gap between neighbours, and lanes
// under a line for all others. Where there is no room for arrows they become words under a panel.

const SVG = "http://www.w3.org/2000/svg";
export const svg = (name, attributes = {}) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

// Draw all arrows of a scene anew into `overlay`, as `arrange` planned them.
export function drawFlows(overlay, scene, { slots, flows, height }, width) {
  overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
  overlay.replaceChildren();
  for (const plan of flows) {
    const flow = scene.flows[plan.index], a = slots[flow.source], b = slots[flow.target];
    const group = svg("g");
    group.style.setProperty("--colour", `var(--${flow.role})`);
    overlay.append(group);
    if (plan.kind === "across") {
      across(group, flow.label.split(" "), a, b, plan.back);
      continue;
    }
    const edge = (slot) => (slot.line > plan.line ? slot.y - 1 : slot.top + slot.h + slot.foot + 2);
    const { x0, x1, y } = plan;
    if (plan.kind === "down") {
      arrow(group, [[x0, edge(a)], [x1, edge(b)]]);
      label(group, [flow.label], x0 + 8, (edge(a) + edge(b)) / 2 + 4, "start");
    } else {
      arrow(group, [[x0, edge(a)], [x0, y], [x1, y], [x1, edge(b)]]);
      label(group, [flow.label], (x0 + x1) / 2, y + 4, "middle");
    }
  }
}

function across(group, words, a, b, back) {
  const forth = b.x > a.x, y = a.top + Math.min(a.h, b.h) * (back ? (forth ? 0.38 : 0.66) : 0.5);
  const [x0, x1] = forth ? [a.x + a.w + 3, b.x - 3] : [a.x - 3, b.x + b.w + 3];
  arrow(group, [[x0, y], [x1, y]]);
  label(group, words, (x0 + x1) / 2, y - 7, "middle");
}

function arrow(group, points) {
  const [[x0, y0], [x1, y1]] = points.slice(-2), size = Math.hypot(x1 - x0, y1 - y0) || 1;
  const dx = (x1 - x0) / size, dy = (y1 - y0) / size, fx = x1 - dx * 8, fy = y1 - dy * 8;
  const shaft = [...points.slice(0, -1), [fx, fy]];
  group.append(
    svg("path", { class: "shaft", d: "M" + shaft.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L") }),
    svg("path", { class: "head", d: `M${x1} ${y1}L${fx - dy * 4.5} ${fy + dx * 4.5}L${fx + dy * 4.5} ${fy - dx * 4.5}Z` }),
  );
}

function label(group, words, x, y, anchor) {
  words.forEach((part, i) => {
    const text = svg("text", { x, y: y - 13 * (words.length - 1 - i), "text-anchor": anchor });
    text.textContent = part;
    group.append(text);
  });
}

// The words under a panel where there is no room for arrows.
export function flowWords(scene, panels, index) {
  return scene.flows.filter((flow) => flow.source === index).map((flow) => ({
    flow: scene.flows.indexOf(flow), role: flow.role, text: `${flow.label} → ${panels[flow.target].title}`,
  }));
}
