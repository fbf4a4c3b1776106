/** Style of the report page: system fonts, light and dark, phone, desk and paper. */
export const styleSheet = `
:root{color-scheme:light dark;--ink:#1b2230;--soft:#545e70;--paper:#f7f7f5;--card:#fff;--line:#e0e3e8;--good:#13633a;--good-back:#e2f2e8;--bad:#9c1f2a;--bad-back:#fbe6e6;--odd:#6f4a00;--odd-back:#fcefd0;--bar:#4f74ad;--backup:#8a6fb0;--restore:#2f8a5b;--observe:#7d8796;--link:#2b5aa0}
@media(prefers-color-scheme:dark){:root{--ink:#e7eaef;--soft:#a6b0bf;--paper:#12161c;--card:#1a2029;--line:#303947;--good:#84d9a6;--good-back:#15301f;--bad:#ff9d9d;--bad-back:#40191d;--odd:#f3c96f;--odd-back:#382b0d;--bar:#7ea3da;--backup:#b39adb;--restore:#5fc08d;--observe:#8d98a8;--link:#9cc0f5}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
body>*{max-width:70rem;margin-inline:auto;padding-inline:2rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-100rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
header{margin-top:2.5rem;margin-bottom:1.5rem;padding:2.2rem 2.4rem 1.8rem;border-radius:16px;max-width:66rem;width:calc(100% - 4rem)}
header.verified{background:var(--good-back)}header.verified h1{color:var(--good)}
header.not-verified{background:var(--bad-back)}header.not-verified h1{color:var(--bad)}
header.inconclusive{background:var(--odd-back)}header.inconclusive h1{color:var(--odd)}
h1{margin:.1em 0 .25em;font-size:clamp(2rem,6vw,3.1rem);line-height:1.1;letter-spacing:.01em;font-weight:750}
.drill{margin:0;font-weight:600}
.because{margin:0 0 1.3rem;font-size:1.2rem;line-height:1.5;max-width:54rem}
.about{display:flex;flex-wrap:wrap;gap:.25rem 1.6rem;margin:0;font-size:.9rem}
.about div{display:flex;gap:.4rem}.about dt{opacity:.8}.about dd{margin:0;font-weight:600}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:0;padding:0;font-size:.92rem}
nav a{display:inline-block;padding:.25rem 0;text-decoration:none}nav a:hover{text-decoration:underline}
section{margin-top:3rem}
h2{margin:0 0 .8rem;font-size:1.4rem;line-height:1.3;font-weight:680}
h3{margin:2rem 0 .5rem;font-size:1.05rem;font-weight:650}
h4{margin:0;font-size:1rem;font-weight:600}
p{max-width:54rem;margin:.5rem 0 1rem}
.soft,.none{color:var(--soft)}
ul.limits{list-style:none;margin:0;padding:1.1rem 1.4rem;background:var(--card);border:1px solid var(--line);border-radius:12px}
.limits li{padding:.4rem 0;border-bottom:1px solid var(--line)}.limits li:last-child{border:0}
.figures{display:grid;grid-template-columns:repeat(3,1fr);gap:.8rem;margin:0}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem}
.figures dd{margin:0;font-size:1.6rem;line-height:1.25;font-weight:680;font-variant-numeric:tabular-nums}
.figures dt{color:var(--soft);font-size:.88rem;line-height:1.4}
.figures .good dd{color:var(--good)}.figures .bad dd{color:var(--bad)}.figures .odd dd{color:var(--odd);font-size:1.2rem;line-height:1.67}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:12px;margin:.6rem 0 1.2rem}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.5}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{overflow-wrap:break-word;text-align:left;vertical-align:top;padding:.55rem .9rem;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:.84rem}
tbody th{font-weight:500;min-width:9rem}
tbody tr:last-child>*{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td p{margin:0 0 .3rem}td details{margin:0}
code,pre{font:.87em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}th code{color:var(--soft)}
pre{white-space:pre-wrap;margin:.3rem 0;padding:.6rem .8rem;background:var(--paper);border-radius:8px}
.badge{display:inline-block;border-radius:99px;padding:.05rem .7rem;font-weight:650;font-size:.85rem;white-space:nowrap}
.good.badge{background:var(--good-back);color:var(--good)}.bad.badge{background:var(--bad-back);color:var(--bad)}.odd.badge{background:var(--odd-back);color:var(--odd)}
.change{color:var(--soft);font-size:.85em;margin-left:.4em}
summary{cursor:pointer;padding:.3rem 0;font-weight:550}
.group{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.5rem 1.2rem;margin:.8rem 0}
.findings{list-style:none;margin:0;padding:0}
.findings>li{padding:1rem 0;border-top:1px solid var(--line)}
.findings dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.2rem 1rem;margin:.4rem 0 0;font-size:.94rem}
.findings dt{color:var(--soft)}.findings dd{margin:0}
.where{color:var(--soft);font-weight:400;font-size:.9rem}
.cause{margin:1rem 0 .2rem}
button,input[type=search]{font:inherit;font-size:.88rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.2rem .7rem}
button{cursor:pointer}.copy{float:right}.filter{display:flex;gap:.8rem;align-items:center;margin:.4rem 0}.filter input{min-width:min(18rem,100%)}
[hidden]{display:none!important}
.chart{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.8rem;margin:.6rem 0 1.2rem}
.chart svg{display:block;width:100%;height:auto}.chart .narrow{display:none}
footer{margin-top:3.5rem;padding-block:1.5rem 3rem;color:var(--soft);font-size:.9rem}
@media(max-width:44rem){
body>*{padding-inline:1rem}header{margin-top:1rem;padding:1.4rem 1.3rem 1.2rem;width:calc(100% - 2rem)}.because{font-size:1.08rem}section{margin-top:2.3rem}
.figures{grid-template-columns:1fr 1fr}
.cards,.cards tbody,.cards tr,.cards th,.cards td{display:block}.cards thead{display:none}
.cards tr{padding:.8rem 1rem;border-bottom:1px solid var(--line)}.cards tr:last-child{border:0}
.cards th,.cards td{border:0;padding:.15rem 0;text-align:left;white-space:normal}
.cards td{display:grid;grid-template-columns:6.5rem 1fr;gap:.6rem}.cards td::before{content:attr(data-label);color:var(--soft);font-size:.88rem}
.cards td>div{min-width:0;overflow-wrap:anywhere}
.cards td:has(>div:empty){display:none}
.findings dl{grid-template-columns:1fr}.findings dd{margin-bottom:.4rem}
.chart .wide{display:none}.chart .narrow{display:block}
}
@media print{
:root{color-scheme:light}body{background:#fff;font-size:10.5pt}header{max-width:none}body>*{max-width:none;padding-inline:0}nav,.skip{display:none}header{padding-inline:1.2rem;width:100%}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible}section{margin-top:1.6rem}tr,.findings>li,.figures div{break-inside:avoid}h2,h3{break-after:avoid}
header,.badge,.chart svg{print-color-adjust:exact}.chart .wide{display:block}.chart .narrow{display:none}button,.filter{display:none!important}[hidden]{display:revert!important}.chart{break-inside:avoid}
}
`;
