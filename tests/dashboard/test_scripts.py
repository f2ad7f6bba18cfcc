"""The scripts in a page: each is named by its hash in what the gate tells the browser, and tells nothing of anybody."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit import file_util
from streamlit.testing.v1 import AppTest

from dashboard import scripts


def _hostile() -> None:
    from dashboard import scripts  # a script of its own

    scripts.run("address", '"><script>alert(1)</script>')


def test_streamlits_own_page_has_no_inline_script_that_is_not_named() -> None:
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    assert inline and {scripts.source(one) for one in inline} <= set(scripts.hashes())
    assert not re.search(r"\son\w+=", page)  # what runs from an attribute has no hash


def test_each_script_of_ours_is_named_as_it_stands_in_the_page() -> None:
    app = AppTest.from_function(_hostile).run()
    (html,) = (str(element.proto.body) for element in app.get("html"))
    data, script = html.split("<script>", 1)
    assert scripts.source(script.removesuffix("</script>")) in scripts.hashes()
    assert data == '<i hidden data-presenca-address="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"></i>'
    assert len(scripts.hashes()) == len(set(scripts.hashes())) >= 5
