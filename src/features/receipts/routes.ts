import { IdParams } from '../../http/fields.ts';
import { feature, protectedRoute, SIGNED_IN } from '../../http/route.ts';
import { readReceipt } from './read.ts';
import { Receipt, ReceiptHeaders, ReceiptQuery } from './schemas.ts';

export const receipts = feature('/orders', 'Orders', [
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/{id}/receipt',
      staffSeeOthers: true,
      summary: 'The receipt of an order',
      description:
        'Customers read their own, staff all. Issued when the payment is captured; before that 409 `RECEIPT_NOT_READY`. A receipt never ' +
        'changes: a refund adds a credit note with a number of its own. `total` less the credit notes is what the order costs in the ' +
        'end. With `Accept: text/html` a page to print, in Hebrew or English.',
      params: IdParams,
      query: ReceiptQuery,
      headers: ReceiptHeaders,
      returns: Receipt,
      alsoHtml: true,
      errors: ['NOT_FOUND', 'RECEIPT_NOT_READY'],
    },
    (call, { params, query, headers }) => readReceipt(call, params.id, { lang: query.lang, headers }),
  ),
]);
