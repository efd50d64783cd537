"""From the choices of many people to a ranking for one, as the cells of a notebook (`# %%`)."""

# %% Choices of 80 people between plans that differ in price and speed
import numpy as np

import leaning

random = np.random.default_rng(1)
plans = {
    "id": [f"plan{place}" for place in range(60)],
    "prompt": [f"offer{place // 3}" for place in range(60)],
    "price": random.uniform(10.0, 50.0, size=60),
    "speed": random.uniform(1.0, 10.0, size=60),
}
features = np.column_stack([plans["price"] / 10.0, plans["speed"]])
answers = {"user": [], "shown": [], "chose": []}
for person in range(80):
    taste = random.normal([-0.6, 0.4], [0.4, 0.3])
    for offer in random.choice(20, size=10, replace=False):
        places = np.arange(3 * offer, 3 * offer + 3)
        rewards = features[places] @ taste + random.gumbel(size=3)
        answers["user"].append(f"person{person}")
        answers["shown"].append([plans["id"][place] for place in places])
        answers["chose"].append(plans["id"][places[np.argmax(rewards)]])

# %% What do they differ in? Data frames and files of CSV or Parquet would do as well.
result = leaning.fit(plans, answers, dimensions=2)
result  # a notebook shows the fit as a table

# %% Does a person's own taste predict more than everybody's?
curves = leaning.evaluate(result.deck, plans, answers, answers=[0, 3, 5], seeds=1)
print("after", curves.after)
for curve in curves.curves:
    print(f"{curve.name:20}", curve.values["accuracy"].round(3))

# %% An interview with somebody who wants it cheap
interview = leaning.Interview(result.deck, questions=6, seed=1)
price = dict(zip(plans["id"], plans["price"], strict=True))
while question := interview.next():
    prices = [price[candidate.name.split("/")[1]] for candidate in question.candidates]
    interview.answer(int(np.argmin(prices)))
interview.profile()

# %% The best of new plans for them
offers = [{"price": 15.0, "speed": 2.0}, {"price": 45.0, "speed": 9.0}]
for ranked in interview.rank(result.deck.score(offers)):
    print(offers[ranked.index], f"{ranked.probability_best:.0%}")
best = interview.rank(result.deck.score(offers))[0]
assert offers[best.index]["price"] == 15.0

# %% The log goes on in a browser, on the command line, or here.
again = leaning.Interview(result.deck, log=interview.log_json())
assert np.array_equal(again.mean, interview.mean)
