"""Work that outlives a page: jobs in a queue, run one at a time in processes of their own, and what became of them."""
