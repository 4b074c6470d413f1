// The look of the report: the same words, marks and colour-blind-safe palette as the workbench.
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #5b6470; --line: #d6dae0; --paper: #fff;
  --bad: #b4340a; --bad-paper: #fdf1ea; --warn: #7a5b00; --add: #1f5fa8; --accent: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --dim: #9aa4b0; --line: #353b44;
  --paper: #16191d; --bad: #ff9a6b; --bad-paper: #2c1d15; --warn: #e2c15a; --add: #84b8f5; --accent: #84b8f5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 24px; background: var(--paper); color: var(--ink);
  font: 13px/1.5 system-ui, 'Segoe UI', sans-serif; }
h1 { font-size: 18px; font-weight: 600; margin: 0 0 8px; }
h2 { font-size: 13px; font-weight: 600; margin: 28px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
.product, .step, .rules, .place, dt { color: var(--dim); }
.product { margin: 0; }
.verdict strong { margin-right: 12px; }
.verdict.differs strong { color: var(--bad); }
code, .mark { font-family: ui-monospace, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace; font-size: 12px;
  overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
table.narrow { width: auto; }
th { text-align: left; font-weight: 500; color: var(--dim); }
th, td { padding: 4px 12px 4px 0; vertical-align: top; border-bottom: 1px solid var(--line); }
.number { text-align: right; }
.mark { width: 2em; text-align: center; color: var(--dim); }
tr.differs td, tr.predicted-only td, tr.observed-only td { background: var(--bad-paper); }
tr.differs .mark, tr.predicted-only .mark, tr.observed-only .mark { color: var(--bad); font-weight: 700; }
tr.known .mark, tr.unsure .mark { color: var(--warn); font-weight: 700; }
tr.why td { color: var(--dim); padding-left: 24px; }
tr.why ul, .findings { margin: 4px 0; padding-left: 20px; }
.findings p { margin: 2px 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { body { max-width: none; padding: 0; } }
`;
