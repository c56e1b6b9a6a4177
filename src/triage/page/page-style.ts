/** The one style sheet of the page; its hash stands in the content policy. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --card: #ffffff; --ink: #1c1d21; --soft: #5d616b; --line: #e2e0da; --code: #f1efea;
  --accent: #1f5fbf; --good: #1d7a46; --warn: #9a5b00; --bad: #b3261e; --mark: #fff3c9;
  --firing: #b3261e14; --s1: #1f5fbf; --s2: #c2410c; --s3: #15803d; --s4: #7e22ce; --s5: #0e7490; --s6: #a16207;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14161a; --card: #1c1f25; --ink: #e8e8e6; --soft: #a0a6b2; --line: #30353e; --code: #262a32;
    --accent: #8ab4f8; --good: #6fcf97; --warn: #f2b84b; --bad: #ff8a80; --mark: #3d3520;
    --firing: #ff8a801c; --s1: #8ab4f8; --s2: #fb923c; --s3: #6fcf97; --s4: #c99bff; --s5: #5fd3e6; --s6: #f5d76e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
.page { max-width: 72rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1, h2, h3 { line-height: 1.25; text-wrap: pretty; margin: 0; }
h1 { font-size: 1.35rem; letter-spacing: -0.01em; margin-top: 0.5rem; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 0.5rem; }
p { margin: 0.5rem 0; }
.prose { white-space: pre-line; }
a { color: var(--accent); }
ul, ol { margin: 0.4rem 0; padding-left: 1.25rem; }
li { margin: 0.35rem 0; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; }
code { background: var(--code); border-radius: 0.25rem; padding: 0.1em 0.35em; }
pre { margin: 0.3rem 0; padding: 0.7rem 0.85rem; background: var(--code); border-radius: 0.5rem; white-space: pre-wrap; line-height: 1.5; max-height: 30rem; overflow: auto; }
pre.quote { border-left: 3px solid var(--line); border-radius: 0 0.5rem 0.5rem 0; }
.soft { color: var(--soft); font-size: 0.88rem; }
.soft code { font-size: inherit; }
.chip { display: inline-block; font-size: 0.82rem; font-weight: 650; line-height: 1.4; padding: 0.15rem 0.65rem; border-radius: 1rem; border: 1px solid currentColor; color: var(--soft); }
.chip.good { color: var(--good); } .chip.warn { color: var(--warn); } .chip.bad { color: var(--bad); }
.note { border-left: 4px solid var(--warn); background: var(--mark); padding: 0.6rem 0.9rem; border-radius: 0 0.5rem 0.5rem 0; margin: 1rem 0; }
.note p { margin: 0.15rem 0; }
.note details { background: none; border: 0; margin: 0; } .note summary { padding: 0.3rem 0; min-height: 0; } .note details > :not(summary) { margin-left: 0; margin-right: 0; }
.note.calm { border-color: var(--good); background: var(--card); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem 1.15rem; margin: 1rem 0; }
.card > :first-child { margin-top: 0; } .card > :last-child { margin-bottom: 0; }
dl { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
.cause h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.7rem; }
.cause dl { margin-top: 0.7rem; }
.action { display: grid; grid-template-columns: 4.6rem minmax(0, 1fr); align-items: baseline; }
.urgency { font-size: 0.82rem; font-weight: 650; color: var(--soft); }
.urgency.now { color: var(--bad); } .urgency.today { color: var(--warn); }
ul.plain { list-style: none; padding: 0; }
ol.evidence > li { margin: 0.9rem 0; scroll-margin-top: 1rem; } ol.evidence > li::marker { color: var(--soft); font-size: 0.88rem; }
:target { outline: 2px solid var(--accent); outline-offset: 4px; border-radius: 0.3rem; }
.hypothesis { color: var(--warn); }
.unproven { text-decoration: underline dotted var(--warn) 2px; text-underline-offset: 0.2em; }
.unproven-word { color: var(--warn); font-size: 0.75em; font-weight: 650; letter-spacing: 0; white-space: nowrap; text-decoration: none; display: inline-block; border: 1px solid currentColor; border-radius: 0.25rem; padding: 0 0.3em; vertical-align: 0.1em; line-height: 1.3; }
.lowered { color: var(--warn); font-size: 0.92rem; }
.doubts { color: var(--warn); font-size: 0.88rem; margin: 0.2rem 0; } .doubts li { margin: 0.1rem 0; }
.mark.light { font-weight: 400; font-size: 0.92rem; }
pre.quote.doubtful { border-left-style: dotted; border-left-color: var(--warn); }
.checks { font-size: 0.92rem; } .checks > li { border-top: 1px solid var(--line); padding: 0.4rem 0; margin: 0; } .checks > li:first-child { border-top: 0; } .how { display: block; color: var(--soft); font-size: 0.84rem; }
.mark { font-weight: 600; } .mark.good { color: var(--good); } .mark.warn { color: var(--warn); } dd .mark { font-size: 0.88rem; }
details { border: 1px solid var(--line); border-radius: 0.6rem; background: var(--card); margin: 0.5rem 0; }
details > :not(summary) { margin-left: 0.85rem; margin-right: 0.85rem; }
details > :last-child { margin-bottom: 0.85rem; }
summary { cursor: pointer; padding: 0.55rem 0.85rem; min-height: 2.75rem; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 0.3rem; }
summary .first-line { display: block; color: var(--soft); font-size: 0.84rem; font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
details:target::details-content { content-visibility: visible; block-size: auto; }
h4 { margin: 0.6rem 0 0; font-size: 0.82rem; font-weight: 600; color: var(--soft); }
.step { border-top: 1px solid var(--line); padding: 0.9rem 0 0.5rem; }
.step h3 { font-size: 1.02rem; } .expense { margin: 0.4rem 0 0; }
.call { margin: 0.9rem 0 1.2rem; padding-left: 0.85rem; border-left: 3px solid var(--line); }
.asked { margin: 0 0 0.3rem; } .asked .ended { display: block; } @media (max-width: 30rem) { .spare { display: none; } }
.cited { font-size: 0.84rem; color: var(--soft); white-space: nowrap; }
pre.query { padding: 0.45rem 0.7rem; max-height: 10rem; }
.call > details { border: 0; background: none; margin: 0; } .call > details > summary { padding: 0.6rem 0; color: var(--soft); font-size: 0.88rem; } .call > details > :not(summary) { margin-left: 0; margin-right: 0; }
.plot { display: block; width: 100%; max-width: 40rem; height: auto; margin: 0.6rem 0 0.2rem; overflow: visible; }
.plot text { fill: var(--soft); font-size: 13px; } .plot .end { text-anchor: end; } .plot .middle { text-anchor: middle; } .plot text.start { fill: var(--bad); font-weight: 600; }
.plot .firing { fill: var(--firing); }
.plot path, .swatch path { fill: none; vector-effect: non-scaling-stroke; }
.plot path.limit { stroke: var(--warn); stroke-width: 1.5px; stroke-dasharray: 6 4; } .plot text.limit { fill: var(--warn); }
.plot .grid { stroke: var(--line); stroke-width: 1px; } .plot path.start { stroke: var(--bad); stroke-width: 1.5px; stroke-dasharray: 3 3; }
.line { stroke-width: 2px; stroke-linejoin: round; } .dots { stroke-width: 6px; stroke-linecap: round; }
.s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); } .s4 { stroke: var(--s4); } .s5 { stroke: var(--s5); } .s6 { stroke: var(--s6); }
.line.s2 { stroke-dasharray: 7 3; } .line.s3 { stroke-dasharray: 2 3; } .line.s4 { stroke-dasharray: 9 3 2 3; } .line.s5 { stroke-dasharray: 4 2; } .line.s6 { stroke-dasharray: 1 4; stroke-linecap: round; }
.swatch { width: 1.4rem; height: 0.5rem; margin-right: 0.3rem; vertical-align: middle; flex: none; }
.wide { overflow-x: auto; max-width: 40rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.84rem; margin: 0.3rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0.2rem 0 0.2rem 0.6rem; border-top: 1px solid var(--line); vertical-align: baseline; overflow-wrap: normal; }
th { font-weight: 400; } tr > :first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; min-width: 6rem; } tr:first-child > * { border-top: 0; } th[scope="col"] { color: var(--soft); }
.lines { font-size: 0.88rem; margin: 0.5rem 0; } .lines > li { border-top: 1px solid var(--line); padding: 0.35rem 0; margin: 0; } .lines > li:first-child { border-top: 0; } .lines time { color: var(--soft); font-variant-numeric: tabular-nums; }
.level { font-weight: 650; color: var(--soft); } .level.bad { color: var(--bad); } .level.warn { color: var(--warn); }
.failed { color: var(--bad); } .no_data { color: var(--warn); }
@media (min-width: 60rem) {
  body { font-size: 1.0625rem; line-height: 1.6; }
  .page { padding: 2.5rem 2rem 5rem; }
  h1 { font-size: 1.9rem; max-width: 52rem; }
  h2 { margin: 2rem 0 0.6rem; } .plot text { font-size: 8.5px; }
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; column-gap: 2.5rem; align-items: start; }
  .columns > :not(aside) { grid-column: 1; }
  .columns > aside { grid-column: 2; grid-row: 1 / span 2; position: sticky; top: 1.5rem; }
  aside dl { grid-template-columns: 1fr; gap: 0; } aside dd { margin-bottom: 0.6rem; } aside dt { font-size: 0.82rem; } aside dd { font-size: 0.95rem; }
}
@media print {
  :root { color-scheme: light; --ground: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --code: #f4f4f4; --accent: #000000; --good: #14572f; --warn: #6b3f00; --bad: #8c1d17; --mark: #ffffff; --firing: #f3e4e3; --s1: #1f4f9f; --s2: #a0360a; --s3: #14572f; --s4: #5b1a96; --s5: #0b5a70; --s6: #7a4a05; }
  body { font-size: 10.5pt; } .page { padding: 0; max-width: none; }
  .columns { display: block; } .columns > aside { position: static; }
  h1 { font-size: 16pt; } pre { max-height: none; } .card, li, .note { break-inside: avoid; } .plot, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
}
`;
