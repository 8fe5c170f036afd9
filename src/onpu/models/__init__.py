"""One published network a file: features (batch, channels, bins, frames) -> dict of head name -> tensor of logits."""
