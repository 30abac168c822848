"""Home: what this is, the map of all concepts, and where to start."""

from explorer import ui

ui.page("home")
ui.hero(
    "Small generative models train here while you watch, on real data, and beside each of them "
    "stands the exact answer. Predict what will happen, then run it.",
    start="diffusion",
)

ui.heading("The map")
ui.contents_map()

ui.heading("Where to start")
ui.routes(
    [
        ui.Route(
            "10 minutes",
            "See something made out of nothing, and see it fail.",
            [
                ui.Stop("diffusion", "Watch noise turn into data, one step at a time."),
                ui.Stop("gan", "Let a forger fool a judge. Then try the preset that collapses."),
                ui.Stop("latent_space", "Drag across the map between two images."),
                ui.Stop("text", "Start a word; choose among the letters that may follow."),
            ],
        ),
        ui.Route(
            "One lecture",
            "One idea after the other. Share a link, and the class watches the same run.",
            [
                ui.Stop("decision_boundaries", "10 minutes. What else can p(x, y) do?"),
                ui.Stop("latent_space", "15 minutes. Why does the map have no holes?"),
                ui.Stop("gan", "15 minutes. Who wins, and what does the loss say about it?"),
                ui.Stop("diffusion", "20 minutes. How few steps are enough?"),
                ui.Stop("transformer", "15 minutes. What does a head look for?"),
                ui.Stop("arena", "15 minutes. Stake a prediction: which family wins?"),
            ],
        ),
        ui.Route(
            "A whole course",
            "Every page in order: predict, run, explain, take the pictures and the code home.",
            [ui.Stop(each.name, each.question) for each in ui.all_pages()],
        ),
    ]
)

ui.heading("What is real about it")
ui.beside(
    "**The models are real.** They train in this process, on its processor, in seconds: change a "
    "setting and a new run begins. Equal settings and seeds give equal runs, to the last digit. "
    "The few tables and weights made beforehand say so.",
    "**The truth is known.** Data in the plane come from distributions with exact densities and "
    "scores. Every number that judges a model stands beside what a perfect model would score.",
    "**The images are real.** Handwritten digits, MNIST, Fashion-MNIST and letters. The "
    "faces are composed from known parts, so that every attribute can be checked.",
)
