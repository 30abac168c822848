// What a class answers: buttons until this browser has voted, then bars that grow while others vote.
// data: { choices, letters, counts, mine, right, revealed, open, people }. Every word is set as text.

import { button, differs, rootOf, tag, write } from "../shared/element.js";

const LETTERS = "ABCDEFGH";

export default function (component) {
  const { data } = component, root = rootOf(component);
  if (differs(root, [data.choices, data.open, Boolean(data.counts)])) {
    root.replaceChildren(...data.choices.map((choice, index) => row(choice, index, data)), tag("p", "status", { role: "status" }));
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", data.open ? "Choose one answer" : "Answers of the class");
  }
  const send = () => {
    root.sent = performance.now();
    component.setTriggerValue("vote", root.vote);
  };
  root.onclick = (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    for (const each of root.querySelectorAll("button")) each.disabled = true;
    root.vote = Number(chosen.dataset.index);
    send();
  };
  // A vote that met a rerun or a server that restarted is lost: it is sent again until it counts.
  if (!data.open) root.vote = undefined;
  else if (root.vote !== undefined && performance.now() - root.sent > 2500) send();
  const total = data.counts ? data.counts.reduce((sum, count) => sum + count, 0) : 0;
  data.choices.forEach((choice, index) => {
    const line = root.children[index], count = data.counts?.[index] ?? 0;
    line.classList.toggle("mine", data.mine === index);
    line.classList.toggle("right", data.revealed && data.right === index);
    if (!data.counts) return;
    line.querySelector(".bar").style.width = `${total ? (100 * count) / total : 0}%`;
    line.querySelector(".count").textContent = `${count}`;
    const marks = [data.revealed && data.right === index ? "right" : "", data.mine === index ? "yours" : ""];
    line.querySelector(".mark").textContent = marks.filter(Boolean).join(", ");
  });
  write(root.querySelector(".status"), data.counts ? `${total} of ${data.people} here ${data.people === 1 ? "has" : "have"} answered` : "");
}

function row(choice, index, data) {
  const words = data.letters ? `${LETTERS[index]}  ${choice}` : choice;
  const answer = data.open ? button("choice", { "data-index": index }, words) : tag("span", "choice", {}, words);
  const counted = [tag("span", "track", {}, tag("span", "bar")), tag("span", "count"), tag("span", "mark")];
  return tag("div", "row", {}, answer, ...(data.counts ? counted : []));
}
