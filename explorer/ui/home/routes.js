// Guided paths. data: { routes: [{ title, promise, stops: [{ page, title, todo, query }] }] }.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data);
  if (root.signature === signature) return;
  root.signature = signature;
  root.replaceChildren(...data.routes.map((route) => {
    const card = document.createElement("section");
    const list = document.createElement("ol");
    list.append(...route.stops.map((stop) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const query = new URLSearchParams(stop.query).toString();
      link.href = stop.page + (query && `?${query}`);
      link.append(
        Object.assign(document.createElement("b"), { textContent: stop.title }),
        Object.assign(document.createElement("span"), { textContent: stop.todo }),
      );
      link.onclick = (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        event.preventDefault();
        setTriggerValue("go", { name: stop.page, query: stop.query });
      };
      item.append(link);
      return item;
    }));
    card.append(
      Object.assign(document.createElement("h3"), { textContent: route.title }),
      Object.assign(document.createElement("p"), { textContent: route.promise }),
      list,
    );
    return card;
  }));
}
