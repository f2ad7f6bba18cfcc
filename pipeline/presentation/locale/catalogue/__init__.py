"""Every sentence that is said by code, one file a room: `MESSAGES` from code to Jinja2 template."""
