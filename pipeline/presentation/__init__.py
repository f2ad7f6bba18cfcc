"""Records become figures, words and files here, without Streamlit: pages and the command line only place them."""
