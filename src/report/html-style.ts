/** Style of the report page: system fonts, both colour schemes, paper. */
export const styleSheet = `
:root{color-scheme:light dark;--ink:#1c2330;--soft:#566072;--paper:#fbfbfa;--card:#fff;--line:#dfe3e8;--good:#17663a;--goodbg:#e3f3e9;--bad:#a1232b;--badbg:#fbe7e7;--odd:#7a5200;--oddbg:#fdf1d6;--bar:#5b7fb4}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#a4aebd;--paper:#14181f;--card:#1b212b;--line:#313a47;--good:#7fd6a1;--goodbg:#173524;--bad:#ff9a9a;--badbg:#43191d;--odd:#f2c76b;--oddbg:#3d2e0c;--bar:#7ea3da}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main{max-width:76rem;margin:0 auto;padding:0 1.5rem}
header{margin-top:2rem;padding:1.6rem 1.8rem;border-radius:14px;border-left:10px solid currentColor}
header.verified{background:var(--goodbg);color:var(--good)}
header.not-verified{background:var(--badbg);color:var(--bad)}
header.inconclusive{background:var(--oddbg);color:var(--odd)}
h1{margin:.1em 0;font-size:2.4rem;letter-spacing:.02em;line-height:1.15}
.drill,.when,.because{color:var(--ink);margin:.3rem 0}
.because{font-size:1.15rem;overflow-wrap:anywhere}
.drill,.when{font-size:.92rem}
h2{margin:2.6rem 0 .7rem;font-size:1.3rem}
h3{margin:1.6rem 0 .5rem;font-size:1.05rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.9rem;margin:1.4rem 0}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem 1.1rem}
.figures dd{margin:0;font-size:1.65rem;font-weight:650;font-variant-numeric:tabular-nums}
.figures dt{color:var(--soft);font-size:.9rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:12px;background:var(--card);margin:.6rem 0 1rem}
.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--bar);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .8rem;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:500;min-width:9rem}
tbody tr:last-child>*{border-bottom:0}
td:last-child{overflow-wrap:anywhere}
code{font:.86em ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;font-size:.8rem;margin:.4rem 0 0}
.badge{display:inline-block;border-radius:99px;padding:.05rem .65rem;font-weight:600;font-size:.86rem;white-space:nowrap;background:var(--oddbg);color:var(--odd)}
.badge.pass,.badge.caught,.badge.refused{background:var(--goodbg);color:var(--good)}
.badge.fail,.badge.missed{background:var(--badbg);color:var(--bad)}
.bar{display:block;width:100%;min-width:9rem;height:.75rem;background:linear-gradient(var(--line),var(--line)) center/100% 1px no-repeat}
.bar rect{fill:var(--bar)}
.bar.restore rect{fill:var(--good)}
.bar.observe rect{fill:var(--soft)}
summary{cursor:pointer;margin:.6rem 0}
td p{margin:.1rem 0}
li{margin:.2rem 0;overflow-wrap:anywhere}
main{padding-bottom:4rem}
@media(max-width:40rem){header{margin:.8rem;padding:1.1rem 1.2rem}main{padding:0 .9rem 3rem}h1{font-size:1.8rem}}
@media print{body{background:#fff}details:not([open])>*:not(summary){display:revert}.scroll{overflow:visible}header,.badge{print-color-adjust:exact}}
`;
