import { Page } from '../../http/fields.ts';
import { ADMINS, feature, protectedRoute } from '../../http/route.ts';
import { addTaxRate } from './commands.ts';
import { listTaxRates } from './queries.ts';
import { NewTaxRate, TaxRate } from './schemas.ts';

export const taxRates = feature('/admin/tax-rates', 'Admin: settings', [
  protectedRoute(
    ADMINS,
    { method: 'get', path: '', summary: 'The VAT rates, latest first', query: Page, returns: TaxRate, paged: true },
    (call, { query }) => listTaxRates(call, query),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '',
      summary: 'Add a VAT rate',
      description:
        'It applies to receipts from its first day until the first day of the next rate. Receipts keep theirs: the first day must ' +
        'come after the last receipt (409 `TAX_RATE_USED` with `details.last_receipt_on`). Rates are never changed or removed.',
      body: NewTaxRate,
      returns: TaxRate,
      status: 201,
      errors: ['TAX_RATE_EXISTS', 'TAX_RATE_USED'],
    },
    (call, { body }) => addTaxRate(call, body),
  ),
]);
