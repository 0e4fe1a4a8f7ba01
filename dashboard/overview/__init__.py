"""What the overview is made of besides the clusters themselves: what is watched, saved, waiting, new."""
