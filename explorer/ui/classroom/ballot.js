// What a class answers: buttons until this browser has voted, then bars that grow while others vote.
// data: { choices, letters, counts, mine, right, told, open, people }. Every word is set as text.
const LETTERS = "ABCDEFGH";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const shape = JSON.stringify([data.choices, data.open, Boolean(data.counts)]);
  if (root.shape !== shape) {
    root.shape = shape;
    root.replaceChildren(...data.choices.map((choice, index) => row(choice, index, data)), status());
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", data.open ? "Choose one answer" : "Answers of the class");
  }
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const each of root.querySelectorAll("button")) each.disabled = true;
    root.vote = Number(button.dataset.index);
    root.sent = performance.now();
    setTriggerValue("vote", root.vote);
  };
  // A vote that met a rerun or a server that restarted is lost: it is sent again until it counts.
  if (!data.open) root.vote = undefined;
  else if (root.vote !== undefined && performance.now() - root.sent > 2500) {
    root.sent = performance.now();
    setTriggerValue("vote", root.vote);
  }
  const total = data.counts ? data.counts.reduce((sum, count) => sum + count, 0) : 0;
  data.choices.forEach((choice, index) => {
    const line = root.children[index], count = data.counts?.[index] ?? 0;
    line.classList.toggle("mine", data.mine === index);
    line.classList.toggle("right", data.told && data.right === index);
    if (!data.counts) return;
    line.querySelector(".bar").style.width = `${total ? (100 * count) / total : 0}%`;
    line.querySelector(".count").textContent = `${count}`;
    const marks = [data.told && data.right === index ? "right" : "", data.mine === index ? "yours" : ""];
    line.querySelector(".mark").textContent = marks.filter(Boolean).join(", ");
  });
  const said = data.counts ? `${total} of ${data.people} here ${data.people === 1 ? "has" : "have"} answered` : "";
  const line = root.querySelector(".status");
  if (line.textContent !== said) line.textContent = said;
}

function row(choice, index, data) {
  const line = document.createElement("div");
  line.className = "row";
  const words = document.createElement(data.open ? "button" : "span");
  words.className = "choice";
  words.textContent = data.letters ? `${LETTERS[index]}  ${choice}` : choice;
  if (data.open) Object.assign(words, { type: "button" }).dataset.index = index;
  line.append(words);
  if (data.counts) for (const name of ["track", "count", "mark"]) line.append(part(name));
  if (data.counts) line.querySelector(".track").append(part("bar"));
  return line;
}

function part(name) {
  const span = document.createElement("span");
  span.className = name;
  return span;
}

function status() {
  const line = document.createElement("p");
  line.className = "status";
  line.setAttribute("role", "status");
  return line;
}
