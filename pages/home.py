"""Home: what this is, the map of all concepts, and where to start."""

from explorer import ui

page = ui.page("home")
ui.hero(page.prose.text("hero"), start="diffusion")
ui.heading("The map")
ui.contents_map()
ui.heading("Where to start")
ui.routes(
    [
        *ui.paths(page.prose.routes),
        ui.Route(
            "A whole course",
            page.prose.text("course"),
            [ui.Stop(each.name, each.question) for each in ui.all_pages()],
        ),
    ]
)
ui.heading("What is real about it")
page.text("models", "truth", "images")
