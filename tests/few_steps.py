"""A few steps of a player on one batch."""

import torch


def losses_of(players, batch, recipe, steps=3):
    """What the one player of a maker minimises before each of so many steps of Adam, with equal dropout and noise."""
    (name, player), = players.items()
    optimizer, seen = torch.optim.Adam(player.network.parameters(), recipe.learning_rate), []
    for _ in range(steps):
        torch.manual_seed(1)
        loss = sum(player.loss({name: player.network}, batch, recipe).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(float(loss.detach()))
    return seen
