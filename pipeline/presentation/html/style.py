"""The style of the HTML exports: the tokens of the light theme, system fonts, and how it prints."""

from __future__ import annotations

from pipeline.presentation.html.cards import CARD_CSS
from pipeline.presentation.theme import LIGHT, SANS, SERIF

LOGO = (
    '<svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" '
    'aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M7.5 12.5l3 3 6-6.5"/></svg>'
)

_DRAWINGS = {
    "blocker": '<circle cx="8" cy="8" r="6.5"/><path d="M3.5 3.5l9 9"/>',
    "warning": '<path d="M8 1.8L15 14H1z"/><path d="M8 6.5v3.5M8 11.8v.4"/>',
    "note": '<circle cx="8" cy="8" r="6.5"/><path d="M8 7.2v4M8 4.6v.4"/>',
    "ready": '<path d="M2.5 8.5l3.5 3.5 7.5-8"/>',
}
ICONS = {
    kind: f'<svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" '
    f'aria-hidden="true">{drawing}</svg>'
    for kind, drawing in _DRAWINGS.items()
}

CSS = f"""
:root {{ color-scheme: light; }}
html {{ font-size: 15px; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: {LIGHT.background}; color: {LIGHT.text}; font: 400 1rem/1.55 {SANS};
  font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
.brand {{ display: flex; align-items: center; gap: .5rem; padding: .8rem max(1.25rem, calc((100% - 1120px) / 2));
  background: #0C3B45; color: #EAF4F5; font: 600 1.15rem {SERIF}; }}
.brand .product {{ margin-left: auto; font: 400 .9rem {SANS}; color: #A9C6CB; }}
main {{ max-width: 1160px; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }}
h1, h2 {{ font-family: {SERIF}; font-weight: 600; line-height: 1.25; margin: 0; }}
h1 {{ font-size: 2.1rem; margin-bottom: .4rem; }}
h2 {{ font-size: 1.3rem; margin-bottom: .2rem; }}
p, li, h1, h2 {{ overflow-wrap: anywhere; }}
p {{ margin: .2rem 0 .6rem; }}
ul {{ margin: .3rem 0; padding-left: 1.2rem; }}
section {{ margin-top: 2.2rem; }}
figure {{ margin: .6rem 0 0; }}
.finding {{ font-size: 1.08rem; max-width: 60rem; }}
.gray {{ color: {LIGHT.secondary}; font-size: .92rem; }}
.above {{ color: {LIGHT.event}; font-weight: 600; }}
.below {{ color: {LIGHT.non_event}; font-weight: 600; }}
.kpis {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .9rem; margin-top: 1.2rem; }}
.kpi, .card {{ border: 1px solid {LIGHT.border}; border-radius: .5rem; padding: .8rem 1rem; }}
.kpi .value {{ font-size: 1.8rem; font-weight: 600; line-height: 1.3; }}
.pill {{ background: #EDF1F2; color: {LIGHT.secondary}; border-radius: 1rem; padding: .1rem .55rem; font-size: .85rem;
  display: inline-block; }}
.card {{ margin-top: .8rem; }}
.card p {{ margin: .1rem 0; }}
.badge {{ border-radius: .3rem; padding: .1rem .45rem; font-size: .88rem; margin-right: .4rem; white-space: nowrap; }}
.blocker {{ background: #FBE9E7; color: #8E2324; }}
.warning {{ background: #FBF1D5; color: #7A5200; }}
.note {{ background: #E0F0F3; color: #0B5F73; }}
.ready {{ background: #E3F3EA; color: #17653E; }}
.icon {{ width: .85em; height: .85em; vertical-align: -.08em; }}
.scroll {{ overflow-x: auto; border: 1px solid {LIGHT.border}; border-radius: .5rem; margin-top: .6rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .92rem; }}
th {{ background: #F3F6F6; color: {LIGHT.secondary}; font-weight: 400; text-align: left; }}
th, td {{ padding: .45rem .7rem; border-bottom: 1px solid {LIGHT.grid}; vertical-align: top; }}
td {{ overflow-wrap: break-word; max-width: 26rem; }}
td:first-child {{ min-width: 8rem; }}
tr:last-child td {{ border-bottom: 0; }}
.number {{ text-align: right; white-space: nowrap; }}
th.number {{ white-space: normal; }}
.measure {{ white-space: nowrap; }}
.bar {{ display: inline-block; width: 7rem; height: .4rem; border-radius: .2rem; background: {LIGHT.grid};
  vertical-align: middle; overflow: hidden; }}
.bar span {{ display: block; height: 100%; background: {LIGHT.primary}; }}
.bar.rate span {{ background: {LIGHT.neutral}; }}
.figure {{ margin-left: .5rem; white-space: nowrap; }}
.pair {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr)); gap: 0 2.5rem; }}
.pair > section, figure {{ min-width: 0; }}
.plotly-graph-div {{ max-width: 100%; }}
footer {{ margin-top: 2.5rem; }}
@media (max-width: 640px) {{ .kpis {{ grid-template-columns: 1fr 1fr; }} h1 {{ font-size: 1.7rem; }} .bar {{ width: 4rem; }} }}
{CARD_CSS}
@page {{ size: A4; margin: 14mm 12mm; }}
@media print {{
  html {{ font-size: 10.5px; }}
  th, td {{ padding: .35rem .5rem; }}
  td {{ overflow-wrap: anywhere; }}
  td:first-child {{ min-width: 7rem; }}
  .bar {{ width: 4.5rem; }}
  section {{ margin-top: 1.6rem; }}
  main {{ padding: 1rem 0 0; max-width: none; }}
  .brand {{ padding: .5rem .8rem; }}
  .card, .kpi, tr, figure {{ break-inside: avoid; }}
  h2, h2 + p {{ break-after: avoid; }}
  thead {{ display: table-header-group; }}
  .scroll {{ overflow: visible; }}
  .kpis {{ grid-template-columns: repeat(4, 1fr); }}
  .pair {{ grid-template-columns: 1fr 1fr; gap: 0 1.5rem; }}
}}
"""
