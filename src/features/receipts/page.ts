import { html, raw } from 'hono/html';
import type { ReceiptLanguage } from '../../db/schema/words.ts';
import type { HtmlPage } from '../../http/route.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { ReceiptData } from './schemas.ts';
import { WORDS } from './words.ts';

interface PageOptions {
  language: ReceiptLanguage;
  timeZone: string;
}

/** How a page writes amounts, rates and days. */
function formatsOf({ language, timeZone }: PageOptions, currency: string) {
  const money = new Intl.NumberFormat(language, { style: 'currency', currency });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone });
  // Exact: a decimal string is formatted as it is, not as a floating point number.
  const amount = (text: string) => html`<bdi>${money.format(text as `${number}`)}</bdi>`;
  return {
    amount,
    rate: (text: string) => html`<bdi dir="ltr">${text.replace(/\.00$/, '')}%</bdi>`,
    day: (instant: string) => html`<bdi>${day.format(new Date(instant))}</bdi>`,
  };
}

type Formats = ReturnType<typeof formatsOf>;
type Words = (typeof WORDS)[ReceiptLanguage];

/** The receipt as a page to print, without scripts and without anything from elsewhere. */
export async function receiptPage(receipt: ReceiptData, options: PageOptions): Promise<HtmlPage> {
  const words = WORDS[options.language];
  const formats = formatsOf(options, receipt.currency);
  const text = await html`<!doctype html>
<html lang="${options.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title} ${receipt.number}</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
${head(receipt, words, formats)}
${lines(receipt, words, formats)}
<div class="sums">${vatTable(receipt, words, formats)}${sums(receipt, words, formats)}</div>
<p class="note">${words.vatIncluded}</p>
${creditNotes(receipt, words, formats)}
</body>
</html>
`;
  return { html: String(text), policy: await pagePolicy() };
}

const head = (
  { seller, customer, number, issued_at, order_number }: ReceiptData,
  words: Words,
  { day }: Formats,
) => html`
<header>
<div>
<h1><bdi>${seller.name}</bdi></h1>
${seller.address && html`<p><bdi>${seller.address}</bdi></p>`}
${seller.tax_id && html`<p>${words.taxId} <bdi>${seller.tax_id}</bdi></p>`}
</div>
<div>
<h1>${words.title}</h1>
<dl>
<dt>${words.number}</dt><dd><bdi dir="ltr">${number}</bdi></dd>
<dt>${words.issued}</dt><dd>${day(issued_at)}</dd>
<dt>${words.order}</dt><dd><bdi dir="ltr">${order_number}</bdi></dd>
</dl>
</div>
</header>
<p class="customer">${words.customer}: <bdi>${customer.name ?? ''}</bdi>${customer.address && html`<br><bdi>${customer.address}</bdi>`}</p>`;

const lines = (receipt: ReceiptData, words: Words, formats: Formats) => html`
<table class="lines">
<thead><tr>
<th>${words.product}</th><th class="count">${words.quantity}</th><th class="money">${words.unitPrice}</th><th class="money">${words.vat}</th><th class="money">${words.amount}</th>
</tr></thead>
<tbody>
${receipt.lines.map(
  (line) => html`<tr>
<td class="name"><bdi>${line.name}</bdi> <span class="sku"><bdi>${line.sku}</bdi></span>${isZero(line.discount) ? '' : html`<br><span class="note">${words.discount} ${formats.amount(line.discount)}</span>`}</td>
<td class="count">${line.quantity}</td><td class="money price">${formats.amount(line.unit_price)}</td><td class="money rate">${formats.rate(line.vat_rate)}</td><td class="money">${formats.amount(line.amount)}</td>
</tr>`,
)}
</tbody>
</table>
${deposits(receipt, words, formats)}`;

/** In running text: a basket of thirty lines with its deposits fits one page. */
const deposits = (receipt: ReceiptData, words: Words, { amount }: Formats) =>
  receipt.deposits.length === 0
    ? ''
    : html`
<p class="deposits"><b>${words.deposits}:</b> ${receipt.deposits.map(
        ({ name, quantity, amount: paid }, index) =>
          html`${index > 0 ? ' · ' : ''}<span>${quantity} × <bdi>${name}</bdi> ${amount(paid)}</span>`,
      )}</p>`;

const vatTable = ({ vat }: ReceiptData, words: Words, { amount, rate }: Formats) => html`
<table>
<thead><tr><th>${words.vat}</th><th class="money">${words.net}</th><th class="money">${words.vat}</th></tr></thead>
<tbody>
${vat.map((row) => html`<tr><td>${rate(row.rate)}</td><td class="money">${amount(row.net)}</td><td class="money">${amount(row.vat)}</td></tr>`)}
</tbody>
</table>`;

const sums = ({ delivery_fee, deposits, total, paid }: ReceiptData, words: Words, { amount }: Formats) => html`
<table>
<tbody>
${deposits.length === 0 ? '' : html`<tr><td>${words.deposits}</td><td class="money">${amount(added(deposits))}</td></tr>`}
${isZero(delivery_fee) ? '' : html`<tr><td>${words.delivery}</td><td class="money">${amount(delivery_fee)}</td></tr>`}
<tr class="total"><td>${words.total}</td><td class="money">${amount(total)}</td></tr>
${paid.map((part) => html`<tr><td>${words.paid}: ${words.methods[part.method]}</td><td class="money">${amount(part.amount)}</td></tr>`)}
</tbody>
</table>`;

const creditNotes = ({ credit_notes: notes, total }: ReceiptData, words: Words, { amount, day }: Formats) =>
  notes.length === 0
    ? ''
    : html`
<section>
<h2>${words.creditNotes}</h2>
<table>
<tbody>
${notes.map(
  (note) => html`<tr>
<td class="number"><bdi dir="ltr">${note.number}</bdi><br>${day(note.issued_at)}</td>
<td>${words.reasons[note.reason] ?? note.reason}${note.lines.map((line) => html`<br><span class="note">${line.quantity} × <bdi>${line.name}</bdi></span>`)}</td>
<td class="money">${amount(negated(note.amount))}</td>
</tr>`,
)}
<tr class="total"><td colspan="2">${words.remaining}</td><td class="money">${amount(lessNotes(total, notes))}</td></tr>
</tbody>
</table>
</section>`;

const isZero = (amount: string) => Number(amount) === 0;
const negated = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);
const agorot = (amount: string) => Math.round(Number(amount) * 100);
const decimal = (amount: number) => (amount / 100).toFixed(2);
const added = (parts: { amount: string }[]) => decimal(parts.reduce((sum, part) => sum + agorot(part.amount), 0));
const lessNotes = (total: string, notes: { amount: string }[]) => decimal(agorot(total) - agorot(added(notes)));

let policy: Promise<string> | undefined;

/** Allows the one style of the page, by its hash, and nothing else. */
function pagePolicy(): Promise<string> {
  policy ??= crypto.subtle.digest('SHA-256', new TextEncoder().encode(PAGE_STYLE)).then((digest) => {
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  });
  return policy;
}
