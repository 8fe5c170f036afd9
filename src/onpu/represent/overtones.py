"""Where the overtones of what sounds would lie."""

import torch
from torch import Tensor


def overtones(fine: Tensor, orders: int, bins: int) -> Tensor:
    """(…, fine bins, frames) -> (…, orders - 1, bins, frames), the orders from 2 on.

    fine: a spectrum, or its levels, in bins from 0 Hz on, of which a whole number lie in one of the bins that are
    wanted. In bin k of order h stands, by a straight line between two fine bins, what sounds at 1/h of k's frequency:
    a tone stands where its overtone h would. It is what Bittner et al. (ISMIR 2017, section 3.1) stack for a constant-Q
    spectrum, on a linear scale, and for the frequencies below.
    """
    finer = fine.shape[-2] // bins
    place = finer * torch.arange(bins, device=fine.device) / torch.arange(2, orders + 1, device=fine.device)[:, None]
    below = place.floor().long()  # (orders - 1, bins)
    share = (place - below).to(fine.dtype)[..., None]
    return torch.lerp(fine[..., below, :], fine[..., below + 1, :], share)
