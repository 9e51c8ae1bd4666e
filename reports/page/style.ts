/** Colours hold 4.5 : 1 against what is behind them, in both themes. */
const light =
  '--page:#fff;--card:#f6f8fa;--text:#1f2328;--quiet:#57606a;--line:#d0d7de;--link:#0550ae;--pass:#116329;--pass-bg:#dafbe1;--fail:#a40e26;--fail-bg:#ffebe9;--open:#7d4e00;--open-bg:#fff8c5;--none:#424a53;--none-bg:#eaeef2';
const dark =
  '--page:#0d1117;--card:#161b22;--text:#e6edf3;--quiet:#9da7b3;--line:#3d444d;--link:#79c0ff;--pass:#7ee787;--pass-bg:#12261e;--fail:#ff9492;--fail-bg:#2d1117;--open:#f2cc60;--open-bg:#272115;--none:#c9d1d9;--none-bg:#21262d';

/** What is inconclusive has dashed lines and stripes: it never looks like what has passed. */
export const style = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:0 1rem 3rem;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,button:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
h1,h2,h3,h4,p,ul,ol,dl,pre{margin:.4em 0}
h1{font-size:2.1rem;line-height:1.2}h2{font-size:1.6rem}
h3{font-size:1.3rem;margin-top:2.2rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h4{font-size:1rem;display:inline;margin:0}
h3 small{font-size:.95rem;font-weight:400;color:var(--quiet);margin-left:.5rem}
code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{white-space:pre-wrap;background:var(--card);padding:.6rem;border-radius:6px}
summary{cursor:pointer}
.quiet,.text{color:var(--quiet)}
.hidden,.skip:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{display:inline-block;padding:.5rem}
.brand{color:var(--quiet);display:flex;justify-content:space-between;align-items:center;gap:1rem}
button{font:inherit;color:var(--text);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.2rem .8rem;cursor:pointer}
.early{margin:1rem 0 0;padding:.7rem 1rem;border:2px dashed var(--open);background:var(--open-bg);color:var(--open);border-radius:8px}
.verdict{padding:1rem 1.4rem;border-radius:10px;border:1px solid;border-left-width:10px;margin:1rem 0}
.verdict .standard{margin:0;font-weight:600}
.verdict .because{font-size:1.15rem}
.verdict.pass{background:var(--pass-bg);border-color:var(--pass)}.verdict.pass :is(h1,h2){color:var(--pass)}
.verdict.fail{background:var(--fail-bg);border-color:var(--fail)}.verdict.fail :is(h1,h2){color:var(--fail)}
.verdict.open{background:var(--open-bg);border-color:var(--open);border-style:dashed}.verdict.open :is(h1,h2){color:var(--open)}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin-top:.8rem}
.badge{display:inline-block;padding:0 .55rem;border:1px solid;border-radius:1rem;font-size:.85rem;font-weight:600;white-space:nowrap}
.badge.pass{color:var(--pass);background:var(--pass-bg)}
.badge.fail{color:var(--fail);background:var(--fail-bg)}
.badge.open{color:var(--open);background:var(--open-bg);border-style:dashed;border-width:2px}
.badge.none{color:var(--none);background:var(--none-bg);border-style:dotted}
ul,ol{padding-left:1.4rem}
.rows,.checks,.findings,.legend{list-style:none;padding:0}
.row{padding:.7rem 1rem;border:1px solid var(--line);border-left:6px solid var(--none);border-radius:8px;margin:.6rem 0}
.row.pass,.row.score-5{border-left-color:var(--pass)}.row.fail,.row.score-1{border-left-color:var(--fail)}
.row.open{border-left:6px dashed var(--open)}.row.none{border-left:6px dotted var(--none)}
.row .head{display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:center}
.row .head h4{font-size:1.1rem}
.score{display:inline-flex;align-items:center;gap:.4rem;font-weight:700;white-space:nowrap}
.bar{display:inline-flex;gap:2px}.bar i{width:14px;height:10px;border:1px solid var(--quiet);border-radius:2px}
.bar i.on{background:var(--text);border-color:var(--text)}
.warn{color:var(--open)}
.why{margin-top:.6rem}
.in{font-size:.9rem}.steps .findings .in{display:none}
.findings>li{padding:.35rem 0 .35rem .8rem;border-left:2px solid var(--line);margin:.4rem 0}
.share{display:flex;height:16px;border-radius:8px;overflow:hidden;gap:2px;margin:.8rem 0}
.share i{min-width:5px}.share .pass{background:var(--pass)}.share .fail{background:var(--fail)}
.share .inconclusive{background:repeating-linear-gradient(45deg,var(--open) 0 5px,var(--open-bg) 5px 10px)}.share .not-applicable{background:var(--none-bg)}
.legend li{margin:.25rem 0}
.rubric li{margin:.4rem 0}.rubric .here{background:var(--card);border-radius:6px;padding:.2rem .4rem}
.rubric .met{color:var(--pass)}.rubric .unmet{color:var(--fail)}
.steps>li{margin:.8rem 0;padding-left:.3rem}.steps>li::marker{font-weight:700}
.gain{color:var(--quiet);display:block}
.experiment{border:1px solid var(--line);border-radius:8px;padding:.5rem 1rem;margin:.6rem 0;content-visibility:auto;contain-intrinsic-size:auto 3rem}
.experiment>summary .tally{color:var(--quiet);margin-left:.6rem}
.files a{margin-right:1rem}
.check{padding:.6rem 0;border-top:1px solid var(--line)}
.check dl,.facts{display:grid;grid-template-columns:8rem 1fr;gap:.1rem .8rem;font-size:.95rem}
dt{color:var(--quiet)}dd{margin:0}
.check>code{color:var(--quiet)}
.check:target{outline:2px solid var(--link);outline-offset:4px}
.scroll{overflow-x:auto}.scroll img{display:block;max-width:none}
footer{margin-top:3rem}
@media (max-width:40rem){h1{font-size:1.6rem}.check dl,.facts{grid-template-columns:1fr}.check dd,.facts dd{margin-bottom:.3rem}h3 small{display:block;margin-left:0}.verdict{padding:.8rem 1rem}}
@media print{:root{color-scheme:light;${light}}body{max-width:none;font-size:11pt}nav,button,.skip{display:none}.row,.check,.in{font-size:.9rem}.steps .findings .in{display:none}
.findings>li{break-inside:avoid}.experiment{content-visibility:visible}.scroll{overflow:visible}.scroll img{max-width:100%}details::details-content{content-visibility:visible;display:block}}
`;
