"""Walks the app in Chromium: one server, a wide and a phone-sized screen, no error and no foreign request."""
