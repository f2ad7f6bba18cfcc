"""What each page shows and hands out, from kept data and models: risks, the agenda, comments."""
