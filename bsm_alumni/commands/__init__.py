"""The commands of `bsm-alumni`, one file per group; each is thin and calls services."""
