import { parseAccept } from 'hono/utils/accept';
import type { z } from 'zod';
import { RECEIPT_LANGUAGES, type ReceiptLanguage } from '../../db/schema/words.ts';
import type { SignedInCall } from '../../http/context.ts';
import { Reply } from '../../http/route.ts';
import { receiptPage } from './page.ts';
import { receiptOf } from './queries.ts';
import { Receipt, type ReceiptHeaders } from './schemas.ts';

interface Wish {
  lang: ReceiptLanguage | undefined;
  headers: z.output<typeof ReceiptHeaders>;
}

/** The receipt as JSON or, where the client prefers `text/html`, as a page. */
export async function readReceipt(call: SignedInCall, orderId: number, { lang, headers }: Wish) {
  const { receipt, language } = await receiptOf(call, orderId);
  const page = prefersHtml(headers.accept)
    ? await receiptPage(Receipt.parse(receipt), {
        language: lang ?? spokenLanguage(headers['accept-language']) ?? language,
        timeZone: call.config.timeZone,
      })
    : undefined;
  return new Reply(receipt, { page, headers: { Vary: 'Origin, Accept, Accept-Language' } });
}

/** A browser prefers it; a client that takes anything gets JSON. */
function prefersHtml(accept = ''): boolean {
  const weight = (wanted: string) => parseAccept(accept).find(({ type }) => type.toLowerCase() === wanted)?.q ?? 0;
  return weight('text/html') > weight('application/json');
}

/** The first of the client's languages that receipts are printed in. */
function spokenLanguage(acceptLanguage = ''): ReceiptLanguage | undefined {
  const wanted = parseAccept(acceptLanguage)
    .filter(({ q }) => q > 0)
    .map(({ type }) => type.toLowerCase().split('-')[0]);
  // `iw` is what old browsers call Hebrew.
  const spoken = wanted.map((language) => (language === 'iw' ? 'he' : language));
  return spoken.flatMap((language) => RECEIPT_LANGUAGES.filter((known) => known === language))[0];
}
