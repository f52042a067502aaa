"""The desk between the doors and the core: jobs are recorded, performed once, answered, changed."""
