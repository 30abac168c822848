// Where everything of a scene lies, in CSS pixels. Panels stand in rows; those of a row are equally
// tall, planes keep their aspect, charts and pictures take the width that is left over. Where a row
// does not fit it is broken into even lines, in order.

const TITLE = 22; // above a panel
const WIDE = 700; // from here on a picture has room for arrows between its panels

// How wide a panel would like to be, for each pixel of its height, and at most.
function shapeOf(panel) {
  if (panel.kind === "chart") return { like: 1.35 * panel.span, most: 4 * panel.span, least: 230 };
  if (panel.kind === "images") {
    const like = clamp(imagesAspect(panel), 0.5, 3.2);
    return { like, most: like * 1.15, least: 140 };
  }
  const [w, h] = [panel.xlim, panel.ylim].map((limits) => (limits ? limits[1] - limits[0] : 1));
  return { like: w / h, most: w / h, least: 140 };
}

function imagesAspect(panel) {
  const mark = panel.marks.find((each) => each.mark === "Images" && each.at === undefined);
  const shape = mark && panel.blobs?.[mark.pixels]?.shape;
  if (!shape) return 1;
  const columns = Math.min(shape[0], mark.columns ?? 8), rows = Math.ceil(shape[0] / columns);
  return (columns * (shape[2] + 2)) / (rows * (shape[1] + 2));
}

// Lay panels out over `width`: { slots: [{ x, y, w, h, line }], lines: [{ y, foot, lanes }], height }.
// `foot(index, width)` is the height of what stands under a panel.
function arrange(scene, panels, width, foot) {
  const linked = scene.flows.length > 0 && width > WIDE;
  const gap = linked ? gapOf(scene) : width > WIDE ? 20 : 12;
  const lines = brokenLines(scene.rows, panels, width, gap);
  const tall = tallOf(lines.length, width);
  const slots = [], laid = [];
  let y = 0;
  lines.forEach((line, number) => {
    const charts = line.every((i) => panels[i].kind === "chart");
    const most = charts && lines.length > 1 && width > WIDE ? 0.72 * tall : tall;
    const { widths, height, slack } = share(line.map((i) => shapeOf(panels[i])), width, gap, most);
    const apart = Math.min(slack, gap); // beyond the gap; what is left over stays outside
    let x = (slack * line.length - apart * (line.length - 1)) / 2, lowest = 0;
    line.forEach((i, k) => {
      const w = Math.floor(widths[k]);
      slots[i] = { x: Math.round(x), y, top: y + TITLE, w, h: height, line: number };
      x += widths[k] + gap + apart;
      lowest = Math.max(lowest, TITLE + height + foot(i, w));
    });
    const lanes = linked ? lanesOf(scene.flows, lines, number) : 0;
    laid.push({ y, foot: y + lowest, lanes });
    y += lowest + (lanes ? 10 + 22 * lanes : number < lines.length - 1 ? 14 : 0);
  });
  return { slots, lines: laid, height: y, linked };
}

// How tall a line of panels may be, so that a picture of one or two lines fits on a screen.
function tallOf(lines, width) {
  if (width <= WIDE) return 420;
  const part = [0.4, 0.4, 0.25, 0.22][Math.min(lines, 3)];
  return clamp(part * window.innerHeight, 200, lines > 1 ? 300 : 460);
}

function gapOf(scene) {
  const longest = Math.max(0, ...scene.flows.flatMap((flow) => flow.label.split(" ").map((part) => part.length)));
  return clamp(16 + 6.5 * longest, 34, 72);
}

function brokenLines(rows, panels, width, gap) {
  const lines = [];
  let start = 0;
  for (const count of rows) {
    const row = panels.slice(start, start + count).map((_, i) => start + i);
    let parts = 1;
    while (parts < count && !evenly(row, parts).every((line) => fits(line, panels, width, gap))) parts++;
    lines.push(...evenly(row, parts));
    start += count;
  }
  return lines;
}

const evenly = (row, parts) => {
  const size = Math.ceil(row.length / parts);
  return Array.from({ length: Math.ceil(row.length / size) }, (_, i) => row.slice(i * size, (i + 1) * size));
};

function fits(line, panels, width, gap) {
  return line.reduce((sum, i) => sum + shapeOf(panels[i]).least, gap * (line.length - 1)) <= width;
}

function share(shapes, width, gap, tall) {
  const room = width - gap * (shapes.length - 1);
  const height = Math.floor(Math.min(tall, room / shapes.reduce((sum, shape) => sum + shape.like, 0)));
  const widths = shapes.map((shape) => shape.like * height);
  let left = room - widths.reduce((a, b) => a + b, 0);
  const elastic = shapes.map((shape, i) => Math.max(0, shape.most * height - widths[i]));
  const total = elastic.reduce((a, b) => a + b, 0);
  if (total > 0) {
    const used = Math.min(left, total);
    elastic.forEach((more, i) => { widths[i] += (used * more) / total; });
    left -= used;
  }
  return { widths, height, slack: Math.max(0, left) / shapes.length };
}

// How many lanes are needed under a line for its flows that are no neighbours.
function lanesOf(flows, lines, number) {
  const lineOf = (panel) => lines.findIndex((line) => line.includes(panel));
  return flows.filter((flow) => {
    const [a, b] = [lineOf(flow.source), lineOf(flow.target)];
    return a === b ? a === number && Math.abs(flow.source - flow.target) > 1 : Math.min(a, b) === number;
  }).length;
}
