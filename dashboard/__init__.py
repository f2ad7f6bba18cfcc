"""The screen of Presença: Streamlit only; it shows, and asks services for everything."""
