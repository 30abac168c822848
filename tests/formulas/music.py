"""Melodies, rewards, and the best policy."""

import numpy as np
import torch

from explorer.concepts.music import best_of_n, bradley_terry, harmony, measure, optimum
from explorer.concepts.music.model import fitted
from explorer.concepts.music.next_note import tempered
from explorer.concepts.music.reward import gradient
from explorer.concepts.music.rules import counts, reward_table
from explorer.data import chorales
from explorer.nets import generator
from tests.formulas import formula, pinned
from tests.formulas.latex import value

RNG = np.random.default_rng(12)
WEIGHTS = (-1.0, -1.0, -0.5, -0.5, 3.0, 0.1)


@formula("music", "Bits a note")
def _(latex):
    gram, melodies = fitted("notes", 2), chorales.melodies("notes")
    rows = measure.rows_of(chorales.stream(melodies.held_out), 2, True)
    total = latex.replace(r"x_t \mid x_{<t}", "x")
    shown = value(total, x=0.0, T=float(len(rows)), symbols={"p": lambda _: gram.of(rows)})
    assert np.isclose(measure.per_note(measure.gram_cost(gram, melodies), "notes"), shown)


@pinned("music", "Temperature", r"q(c) \propto p(c)^{1/\tau}")
def _():
    p = RNG.dirichlet(np.ones(5))
    q = tempered(torch.tensor(np.log(p)), 0.4).numpy()
    assert np.allclose(q, p ** (1 / 0.4) / (p ** (1 / 0.4)).sum())


@pinned(
    "music",
    "What fine-tuning maximises",
    r"J(\pi) = \mathbb{E}_{x \sim \pi}\, r(x) - \beta\, \mathrm{KL}(\pi \,\Vert\, p)",
)
def _():
    policy, best = optimum.optimum(WEIGHTS, 1.5)
    found = optimum.evaluate(policy, WEIGHTS)
    assert np.isclose(found.reward - 1.5 * found.kl, best)
    assert np.isclose(found.objective(1.5), best)


@pinned(
    "music",
    "The best policy, and what it is worth",
    r"\pi^*(x) \propto p(x)\, e^{r(x)/\beta}, \qquad "
    r"J^* = \beta \log \sum_x p(x)\, e^{r(x)/\beta}",
)
def _():
    """By many samples of p, with a penalty so large that they suffice."""
    beta = 8.0
    melodies = optimum.sampled(optimum.reference(), 20_000, np.random.default_rng(0))
    weight = np.exp(counts(melodies) @ np.array(WEIGHTS) / beta)
    policy, best = optimum.optimum(WEIGHTS, beta)
    assert np.isclose(beta * np.log(weight.mean()), best, atol=0.15)
    tilted = (weight[:, None] * counts(melodies)).sum(0) / weight.sum()
    assert np.allclose(optimum.evaluate(policy, WEIGHTS).counts, tilted, rtol=0.1, atol=0.05)


@pinned(
    "music",
    "The best policy, note by note",
    r"Z_t(s) = \sum_c p(c \mid s)\, e^{r(s, c)/\beta} Z_{t+1}(sc), \qquad "
    r"\pi^*_t(c \mid s) = p(c \mid s)\, e^{r(s, c)/\beta} Z_{t+1}(sc) / Z_t(s)",
)
def _():
    p, r = optimum.reference(), optimum.by_state(reward_table(WEIGHTS))
    policy, best = optimum.optimum(WEIGHTS, 2.0)
    z = np.ones(len(p))
    for t in range(optimum.CAP - 1, -1, -1):
        after = z[optimum.following()]
        after[:, 0] = 1
        terms = p * np.exp(r / 2.0) * after
        z = terms.sum(axis=1)
        assert np.allclose(policy[t], terms / z[:, None])
    assert np.isclose(2.0 * np.log(z[0]), best)


@pinned(
    "music",
    "REINFORCE",
    r"\nabla J = \mathbb{E} \sum_t (G_t - b_t)\, \nabla \log \pi(x_t \mid s_t), \qquad "
    r"G_t = \sum_{u \ge t} r(s_u, x_u) - \beta "
    r"\log \frac{\pi(x_u \mid s_u)}{p(x_u \mid s_u)}",
)
def _():
    """A batch of two melodies, by hand; autograd differentiates the logarithms."""
    p, size = optimum.reference(), len(optimum.following()[0])
    policy = RNG.dirichlet(np.ones(size), len(p))
    melodies = np.zeros((2, optimum.CAP), int)
    melodies[0, :2], melodies[1, :2] = [5, 9], [7, 7]
    table, beta = reward_table(WEIGHTS), 0.7
    logits = torch.tensor(np.log(policy), requires_grad=True)
    logs, to_go, terms = logits.log_softmax(1), np.zeros((2, 3)), []
    for row in range(2):
        a = b = 0
        steps = []
        for c in [*melodies[row, :2], 0]:
            state = a * size + b
            surprise = np.log(policy[state, c] / p[state, c])
            steps.append((state, c, table[b, c] - beta * surprise))
            a, b = b, c
        to_go[row] = np.cumsum([gained for *_, gained in steps][::-1])[::-1]
        terms += [(row, t, logs[state, int(c)]) for t, (state, c, _) in enumerate(steps)]
    advantage = to_go - to_go.mean(0)
    sum(advantage[row, t] * log for row, t, log in terms).div(2).backward()
    assert np.allclose(gradient(policy, melodies, table, beta), logits.grad.numpy())


@formula("music", "Bradley-Terry model")
def _(latex):
    counted, w = RNG.normal(size=(2, 6)), RNG.normal(size=6)
    right = latex.partition(r"B) = ")[2].partition(r", \qquad")[0]
    shown = value(right.replace("r(B)", "b").replace("r(A)", "a"),
                  a=float(counted[0] @ w), b=float(counted[1] @ w))  # fmt: skip
    assert np.isclose(bradley_terry.sigmoid((counted[0] - counted[1]) @ w), shown)


@pinned(
    "music",
    "Direct preference optimisation",
    r"L(\pi) = -\mathbb{E} \log \sigma\Big(\beta \log \frac{\pi(A)}{p(A)} - "
    r"\beta \log \frac{\pi(B)}{p(B)}\Big)",
)
def _():
    """Of policies p e^(r / beta), by time and so exact: the margin is the difference of rewards."""
    policy, _ = optimum.optimum(WEIGHTS, 1.5)
    both = optimum.sampled(optimum.reference(), 8, np.random.default_rng(3))
    margin = []
    for melody in both:
        a = b = 0
        total = 0.0
        for t, c in enumerate(melody):
            state = a * policy.shape[2] + b
            total += np.log(policy[t, state, c] / optimum.reference()[state, c])
            a, b = b, c
            if c == 0:
                break
        margin.append(1.5 * total)
    reward = counts(both) @ np.array(WEIGHTS)
    assert np.allclose(np.diff(margin), np.diff(reward))
    table = RNG.dirichlet(np.ones(policy.shape[2]), policy.shape[1])
    loss = bradley_terry.dpo_loss(table, both[:4], both[4:], 0.7)
    ratio = np.log(table / optimum.reference())
    each = []
    for pair in zip(both[:4], both[4:], strict=True):
        logs = [sum(ratio[a * 31 + b, c] for a, b, c in steps(melody)) for melody in pair]
        each.append(np.log1p(np.exp(-0.7 * (logs[0] - logs[1]))))
    assert np.isclose(loss, np.mean(each))


def steps(melody):
    """(note before last, last note, next note) of a melody, its end included."""
    a = b = 0
    for c in melody.tolist():
        yield a, b, c
        a, b = b, c
        if c == 0:
            return


@formula("music", "Best of n: how often it wins")
def _(latex):
    """Rewards that all differ: in every group each is equally likely to be the best."""
    rewards = np.random.default_rng(1).normal(size=60_000)
    found, error = best_of_n.win_rate(rewards, 4, np.random.default_rng(2))
    assert abs(found - value(latex.partition("=")[2], n=4.0)) < 4 * error


@formula("music", "Best of n: bound of the KL")
def _(latex):
    assert np.isclose(best_of_n.bound(8), value(latex.partition(r"\le")[2], n=8.0))


@pinned(
    "music",
    "Four voices, one after the other",
    r"p(B, T, A \mid S) = \prod_t p(B_t \mid h_t)\, p(T_t \mid B_t, h_t)\, "
    r"p(A_t \mid T_t, B_t, h_t)",
)
def _():
    """Drawn with hardly a temperature, each voice is the likeliest after those before it."""
    nets = {
        voice: harmony.VoiceNet(len(columns), 16, generator(row))
        for row, (voice, (columns, _)) in enumerate(harmony.COLUMNS.items())
    }
    soprano = np.array([72, 74, 76, 74])
    (chords,) = harmony.harmonised(nets, [soprano], generator(0), 1e-4)
    seen = harmony.table(chords)
    for columns, own in harmony.COLUMNS.values():
        voice = harmony.ORDER[(8, 9, 10).index(own)]
        logits = nets[voice](torch.from_numpy(seen[:, columns]))[:, 1:]
        assert (logits.argmax(1).numpy() + 1 == seen[:, own]).all()
