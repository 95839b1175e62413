"""What tools/docs is made of: the lists of the sources, the parts generated from them, and pages that are run."""
