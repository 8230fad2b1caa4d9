/** One page of A4 holds thirty lines; on a phone each line of the table becomes two. */
export const PAGE_STYLE = `
@page { size: A4; margin: 12mm 14mm; }
* { box-sizing: border-box; }
html { color: #111; background: #fff; font: 14px/1.35 system-ui, "Segoe UI", Arial, "Noto Sans Hebrew", sans-serif; }
body { max-width: 182mm; margin: 0 auto; padding: 16px; }
h1 { margin: 0; font-size: 1.45em; }
h2 { margin: 1.2em 0 .3em; font-size: 1.05em; }
p { margin: .15em 0; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5em 2em; padding-bottom: .7em; border-bottom: 2px solid #111; }
dl { display: grid; grid-template-columns: auto auto; gap: .1em .8em; margin: 0; }
dt { color: #555; }
dd { margin: 0; }
.customer { margin: .7em 0; }
table { width: 100%; border-collapse: collapse; }
th { padding: .25em .4em; border-bottom: 1px solid #111; font-weight: 600; text-align: start; }
td { padding: .25em .4em; border-bottom: 1px solid #ddd; vertical-align: top; overflow-wrap: anywhere; }
.money, .count { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.sums .money, section .money { text-align: end; }
.number { white-space: nowrap; }
.note { color: #555; font-size: .88em; }
.sku { color: #555; font-size: .85em; margin-inline-start: .3em; white-space: nowrap; }
.deposits { margin-top: .6em; font-size: .92em; }
.deposits span { white-space: nowrap; }
.sums { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: flex-start; gap: 1em 2em; margin-top: .9em; }
.sums table { width: auto; flex: 1 1 16em; max-width: 24em; }
.total td { border-top: 2px solid #111; border-bottom: 2px solid #111; font-size: 1.15em; font-weight: 700; }
section, tr, .sums { break-inside: avoid; }
@media print {
  html { font-size: 9.5pt; line-height: 1.2; }
  body { max-width: none; padding: 0; }
  td, th { padding: .16em .4em; }
}
@media screen and (max-width: 560px) {
  html { font-size: 16px; }
  .lines thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .lines tr { display: grid; grid-template-columns: auto 1fr auto auto; border-bottom: 1px solid #ddd; padding: .4em 0; }
  .lines td { border: 0; padding: 0 .2em; }
  .lines .name { grid-column: 1 / -1; }
  .lines .count::after { content: " ×"; }
  .lines .price { text-align: start; color: #555; }
  .lines .rate { color: #555; padding-inline-end: 1em; }
  .sums table { max-width: none; flex-basis: 100%; }
}
`;
