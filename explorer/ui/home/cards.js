// The map of all pages. data: { cards: [{ name, title, question, line, section, light, dark }] }.
// A plain click stays in the session (trigger "go"); any other click is an ordinary link.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const dark = getComputedStyle(root).colorScheme.includes("dark");
  const signature = JSON.stringify([data, dark]);
  if (root.signature === signature) return;
  root.signature = signature;
  root.replaceChildren(...data.cards.map((card, index) => {
    const link = document.createElement("a");
    link.href = card.name;
    link.onclick = (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      setTriggerValue("go", { name: card.name });
    };
    const picture = document.createElement("div");
    picture.className = "picture";
    const source = dark ? card.dark : card.light;
    if (source) picture.append(Object.assign(document.createElement("img"), { src: source, alt: "" }));
    link.append(
      picture,
      words("p", "section", `${index + 1} · ${card.section}`),
      words("h3", "", card.title),
      words("p", "question", card.question),
      words("p", "", card.line),
    );
    return link;
  }));
}

function words(tag, name, text) {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}
