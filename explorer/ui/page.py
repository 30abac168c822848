"""A page of a concept: its words from `page.md`, its controls from `Config`, its runs, in order.

A page script makes one `Page` and calls it from top to bottom. Everything that the page knows about
its concept comes from two places: `EXPERIMENTS` of the concept, and `page.md` beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from explorer import config as fields
from explorer.claims import Claim
from explorer.data.writing import Read, read
from explorer.experiment import Experiment, parameters
from explorer.glossary import marked
from explorer.prose import Help, Prose, load
from explorer.ui import frame
from explorer.ui.controls import link
from explorer.ui.controls.controls import choose, controls, refuse, toggle
from explorer.ui.controls.controls import more as popover
from explorer.ui.controls.fields import chosen_ahead, drawn, usual, wanted, written
from explorer.ui.controls.presets import presets
from explorer.ui.controls.several import several
from explorer.ui.controls.typed import typed
from explorer.ui.controls.votes import votes
from explorer.ui.glossary import glossary_of
from explorer.ui.lesson import checked, predict, words
from explorer.ui.player.player import play, watch
from explorer.ui.run import Run

COMMON = Path(__file__).with_name("common.md")  # labels and help of what every page has
MORE = 3.0  # width of the popover beside the controls of a strip


@dataclass(eq=False)
class Page:
    """The page of one concept; made by `page`, which opens it."""

    name: str
    prose: Prose
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    _drawn: set[str] = field(default_factory=set)  # parameters that have a control in this run
    _terms: set[str] = field(default_factory=set)  # of the glossary, that a text has used
    _runs: dict[str, Run] = field(default_factory=dict)  # asked for so far, by experiment
    _answers: list[Callable[[], None]] = field(default_factory=list)  # to be given at the end
    _slot: DeltaGenerator | None = None  # where the presets stand

    @cached_property
    def parameters(self) -> dict[tuple[str, str], str]:
        """(experiment, field) -> parameter of the link."""
        return parameters(self.experiments)

    def presets(self) -> None:
        """The place of the presets; they are drawn once all controls are known."""
        self._slot = st.container(key="presets-place")

    def settings(
        self,
        key: str,
        strip: Mapping[str, float],
        more: Sequence[str] = (),
        *,
        columns: Sequence[DeltaGenerator] | None = None,
        pictures: Mapping[str, Mapping[str, Image.Image]] | None = None,
        labels: Mapping[str, Mapping[str, str]] | None = None,
        **given: Any,
    ) -> Any:
        """The config of an experiment: some fields `given`, the others by controls or by default.

        `strip` maps fields to the width of their column in the control strip, `more` names those
        behind its popover. With `columns`, the controls stand in these (the last one is for the
        popover). A choice may be by `pictures`; of one with `labels`, only the values that have one
        are offered. Stops the page, with a sentence, where the config refuses a combination.
        """
        widths = [*strip.values(), *([MORE] if more else [])]
        places = list(columns) if columns is not None else controls(widths) if widths else []
        chosen = dict(given)
        later = {name: self.parameters[key, name] for name in (*strip, *more)}
        ahead = chosen_ahead(self.experiments[key].Config, later)
        for place, name in zip(places, strip):
            with place:
                known = {**ahead, **chosen}
                chosen[name] = self._control(
                    key, name, known, (pictures or {}).get(name), (labels or {}).get(name)
                )
        if more:
            with places[len(strip)], popover(*self._popover(key)):
                for name in more:
                    chosen[name] = self._control(key, name, {**ahead, **chosen})
        try:
            return self.experiments[key].usual(**chosen)
        except ValueError as error:
            self._hold()
            return refuse(error)

    def run(self, key: str, config: Any, after: Run | None = None, train: bool = True) -> Run:
        """Ask for the run of an experiment with this config; with `after`, of that run's model.

        The same run for everybody who asks for it. `train` False only looks at what there is.
        """
        experiment = self.experiments[key]
        for view in list(experiment.views_of(config))[:1]:
            link.known(f"{key}_view", view)
        job = watch(experiment.process, config, after.job if after else None, key=key, train=train)
        self._runs[key] = Run(key, experiment, config, job, after)
        return self._runs[key]

    def player(self, run: Run, *, beside: bool = False, autoplay: bool = True) -> None:
        """Show a run live, and afterwards from memory; see `explorer.ui.player.player.play`."""
        self._settle()
        play(
            run.job,
            run.experiment.scene,
            key=run.key,
            views=dict(run.experiment.views_of(run.config)),
            autoplay=autoplay,
            beside=beside,
        )

    def predictions(
        self,
        reveal: bool,
        *,
        first: Sequence[predict.Question] = (),
        name: str = "",
        about: Mapping[str, str] | None = None,
    ) -> None:
        """The questions of `page.md`, one at a time; `reveal` says that the run has answered.

        Before them `first`, computed from the run; under another `name` they are asked anew. Of
        questions with a claim only those whose settings agree with `about`.
        """
        self._settle()
        asked = [
            predict.asked(each, reveal, partial(self._answer, each.claim) if each.claim else None)
            for each in self.prose.questions
            if each.about(about or {})
        ]
        predict.predictions(name or self.name, [*first, *asked])

    def text(self, *keys: str, **values: object) -> None:
        """Blocks of text of `page.md`, side by side when there are several."""
        texts = [
            marked(
                checked.sentences(
                    self.name,
                    self.experiments,
                    self.prose.sentences,
                    self.prose.text(key, **values),
                ),
                self._terms,
            )
            for key in keys
        ]
        if len(texts) == 1:
            words.explain(texts[0])
        else:
            words.beside(*texts)

    def note(self, key: str, **values: object) -> None:
        """A small remark under what it speaks of."""
        words.note(self.prose.text(key, **values))

    def choose(self, key: str, options: Mapping[str, str], **rest: Any) -> str:
        """Choose one of `options` (value -> label) for a parameter of the page itself."""
        help_ = self._help_of(key)
        return choose(help_.label, options, key, help_.text, **rest)

    def several(
        self, key: str, options: Mapping[str, str], default: Sequence[str]
    ) -> tuple[str, ...]:
        """Choose any of `options` for a parameter of the page itself."""
        help_ = self._help_of(key)
        return several(help_.label, options, key, default, help_.text)

    def typed(
        self, key: str, default: str, read: Callable[[str], Read] = read, *, parameter: str = ""
    ) -> str:
        """What `read` understands of a line of text that the visitor types; see `ui.typed`."""
        help_ = self.help(key)
        return typed(help_.label, default, parameter or key, read, help_.text)

    def votes(self, key: str, options: Mapping[str, str], most: int) -> str:
        """One choice after the other, by buttons; see `ui.votes`."""
        return votes(key, options, most, self._help_of(key).label)

    def toggle(self, key: str, default: bool = False) -> bool:
        """A parameter of the page itself that is on or off."""
        help_ = self._help_of(key)
        return toggle(help_.label, key, default, help_.text)

    def help(self, parameter: str, name: str = "") -> Help:
        """Label and help of a control: of its parameter, of its field, or what every page says."""
        for where in (self.prose.help, common()):
            for key in (parameter, name):
                if key in where:
                    return where[key]
        return self.prose.help_of(parameter)

    def end(self, *functions: Callable[..., Any] | type, maths: str | Sequence[str] = ()) -> None:
        """Close the page: its maths, the code that ran, the sources, and the way on.

        `maths`: the keys of the formulas that belong to the settings; some keys have none.
        """
        self._settle()
        self._hold()
        for answer in self._answers:
            answer()
        keys = [maths] if isinstance(maths, str) else maths
        shown = [*dict.fromkeys(key for key in keys if key), ""]
        formulas = [each for key in shown for each in self.prose.maths.get(key, ())]
        words.maths(formulas, self.prose.symbols)
        words.source(*functions)
        words.sources(self.prose.sources)
        glossary_of(self.name)
        frame.footer(self.name)

    def _help_of(self, key: str) -> Help:
        """Label and help of a control that the page itself draws."""
        self._drawn.add(key)
        return self.help(key)

    def _popover(self, key: str) -> tuple[str, str]:
        """Label and key of the popover of an experiment: two of one page have different names."""
        if key == next(iter(self.experiments)):
            return "More", "more"
        return self.experiments[key].label, f"more_{key}"

    def _control(
        self,
        key: str,
        name: str,
        chosen: Mapping[str, Any],
        pictures: Mapping[str, Image.Image] | None = None,
        labels: Mapping[str, str] | None = None,
        hidden: bool = False,
    ) -> Any:
        """The control of a field, drawn from its rule; its value."""
        experiment = self.experiments[key]
        rule, parameter = fields.rules(experiment.Config)[name], self.parameters[key, name]
        help_ = Help(parameter, "") if hidden else self.help(parameter, name)
        others = {other: value for other, value in chosen.items() if other != name}
        default = getattr(usual(experiment, others), name)
        self._drawn.add(parameter)
        return drawn(rule, parameter, help_, default, pictures, labels)

    def _settle(self) -> None:
        """Draw the presets, now that every control has said what it holds."""
        if self._slot is not None:
            slot, self._slot = self._slot, None
            with slot:
                chosen, place = presets(
                    checked.presets(self.name, self.experiments, self.prose.presets)
                )
            claim = self.prose.presets[chosen].claim if chosen else None
            if claim is not None:
                here = (place, self.name, self.experiments, claim, self._runs)
                self._answers.append(partial(checked.warn, *here))

    def _answer(self, claim: Claim, details: DeltaGenerator | None) -> None:
        """Beside a prediction: how to see its answer, and what the visitor's own run says of it."""
        place = checked.offer(claim, wanted(self.experiments, claim.set))
        if details is not None:
            here = (place, details, self.name, self.experiments, claim, self._runs)
            self._answers.append(partial(checked.compare, *here))

    def _hold(self) -> None:
        """Keep what controls hold that are not drawn in this stage, in the link as well."""
        for (key, name), parameter in self.parameters.items():
            rule = fields.rules(self.experiments[key].Config)[name]
            held = st.session_state.get(parameter, st.query_params.get(parameter))
            if parameter in self._drawn or held is None:
                continue
            default = getattr(self.experiments[key].usual(), name)
            if held not in (written(rule, default), str(written(rule, default))):
                with st.container(key=f"linked-held-{parameter}"):
                    self._control(key, name, {}, hidden=True)


def page(concept: ModuleType | str) -> Page:
    """Open the page of a concept (or of a room of `ui`, by name); call it first."""
    if isinstance(concept, str):
        name, folder, experiments = concept, Path(__file__).parent / concept, {}
    else:
        name, experiments = concept.__name__.rpartition(".")[2], concept.EXPERIMENTS
        folder = Path(str(concept.__file__)).parent
    frame.page(name)
    return Page(name, load(folder / "page.md"), experiments)


@lru_cache(maxsize=1)
def common() -> Mapping[str, Help]:
    """Labels and help of the controls that every page has."""
    return load(COMMON).help
