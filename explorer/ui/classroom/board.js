// The wall of a class. data: { mine, tiles: [{ seed, src, says }], readings: [{ name, unit, values }] };
// values are pairs of seed and number. Every word is set as text.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify([data.mine, data.tiles.map((tile) => tile.seed), data.readings]);
  if (root.signature === signature) return;
  root.signature = signature;
  const spreads = node("div", "spreads"), wall = node("div", "wall");
  spreads.append(...data.readings.map((reading) => spread(reading, data.mine)).filter(Boolean));
  wall.append(...data.tiles.map((tile) => picture(tile, data.mine)));
  root.replaceChildren(spreads, wall);
}

function picture({ seed, src, says }, mine) {
  const figure = node("figure", seed === mine ? "mine" : "");
  figure.append(
    Object.assign(document.createElement("img"), { src, alt: says, title: says }),
    node("figcaption", "", seed === mine ? `seed ${seed}, yours` : `seed ${seed}`),
  );
  return figure;
}

// A dot a seed on one line, from the least to the greatest.
function spread({ name, unit, values }, mine) {
  const known = values.filter(([, value]) => Number.isFinite(value)).sort((a, b) => a[1] - b[1]);
  if (!known.length) return null;
  const [low, high] = [known[0][1], known[known.length - 1][1]];
  const alike = short(low) === short(high); // what the words cannot tell apart lies in one place
  const middle = (known[Math.floor((known.length - 1) / 2)][1] + known[Math.ceil((known.length - 1) / 2)][1]) / 2;
  const line = node("div", "line");
  for (const [seed, value] of known) {
    const dot = node("i", seed === mine ? "mine" : "");
    dot.style.left = `${!alike ? (100 * (value - low)) / (high - low) : 50}%`;
    dot.title = `seed ${seed}: ${short(value)}${unit}`;
    line.append(dot);
  }
  const box = node("div", "spread"), runs = known.length === 1 ? "1 seed" : `${known.length} seeds`;
  box.append(
    node("b", "", name),
    line,
    node("p", "", `${runs}: ${alike ? short(low) : `from ${short(low)} to ${short(high)}`}${unit ? ` ${unit}` : ""}${alike ? "" : `, median ${short(middle)}`}`),
  );
  return box;
}

function short(value) {
  return Number(value.toPrecision(3)).toLocaleString("en");
}

function node(tag, name, text = "") {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}
