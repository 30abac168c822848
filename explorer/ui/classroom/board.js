// The board of a class. data: { mine, tiles: [{ seed, src, says }], readings: [{ name, unit, values }] };
// values are pairs of seed and number. Every word is set as text.

import { differs, rootOf, tag } from "../shared/element.js";
import { three } from "../shared/number.js";

export default function (component) {
  const { data } = component, root = rootOf(component);
  if (!differs(root, [data.mine, data.tiles.map((tile) => tile.seed), data.readings])) return;
  root.replaceChildren(
    tag("div", "spreads", {}, ...data.readings.map((reading) => spread(reading, data.mine)).filter(Boolean)),
    tag("div", "wall", {}, ...data.tiles.map((tile) => picture(tile, data.mine))),
  );
}

function picture({ seed, src, says }, mine) {
  return tag("figure", seed === mine ? "mine" : "", {},
    tag("img", "", { src, alt: says, title: says }),
    tag("figcaption", "", {}, seed === mine ? `seed ${seed}, yours` : `seed ${seed}`));
}

// A dot a seed on one line, from the least to the greatest.
function spread({ name, unit, values }, mine) {
  const known = values.filter(([, value]) => Number.isFinite(value)).sort((a, b) => a[1] - b[1]);
  if (!known.length) return null;
  const [low, high] = [known[0][1], known[known.length - 1][1]];
  const alike = three(low) === three(high); // what the words cannot tell apart lies in one place
  const middle = (known[Math.floor((known.length - 1) / 2)][1] + known[Math.ceil((known.length - 1) / 2)][1]) / 2;
  const dots = known.map(([seed, value]) => {
    const dot = tag("i", seed === mine ? "mine" : "", { title: `seed ${seed}: ${three(value)}${unit}` });
    dot.style.left = `${!alike ? (100 * (value - low)) / (high - low) : 50}%`;
    return dot;
  });
  const seeds = known.length === 1 ? "1 seed" : `${known.length} seeds`, ended = unit ? ` ${unit}` : "";
  const range = alike ? three(low) + ended : `from ${three(low)} to ${three(high)}${ended}, median ${three(middle)}`;
  return tag("div", "spread", {}, tag("b", "", {}, name), tag("div", "line", {}, ...dots), tag("p", "", {}, `${seeds}: ${range}`));
}
