import type { Account } from './account.ts';
import { badParameter } from './errors.ts';

const payment = { customer: 'customers', payment_method: 'payment_methods' };

/** By collection: the fields that hold the id of another object, and where that one is from. */
const references = new Map<string, Map<string, string>>(
  Object.entries({
    customers: { invoice_settings: 'invoice_settings' },
    invoice_settings: { default_payment_method: 'payment_methods' },
    payment_methods: { customer: 'customers' },
    setup_intents: payment,
    payment_intents: { ...payment, latest_charge: 'charges' },
    charges: {
      balance_transaction: 'balance_transactions',
      customer: 'customers',
      payment_intent: 'payment_intents',
      refunds: 'refunds',
    },
    refunds: {
      ...payment,
      balance_transaction: 'balance_transactions',
      charge: 'charges',
      failure_balance_transaction: 'balance_transactions',
      payment_intent: 'payment_intents',
    },
    disputes: { charge: 'charges', payment_intent: 'payment_intents' },
    balance_transactions: {},
    events: {},
  }).map(([collection, fields]) => [collection, new Map(Object.entries(fields))]),
);

/** Refuses what cannot be expanded in the answers of this route, before any work is done. */
export function refuseUnexpandable(route: string, paths: string[]): void {
  const collection = route.split('/').findLast((segment) => references.has(segment)) ?? '';
  for (const path of paths) {
    let place: string | undefined = collection;
    for (const field of path.replace(/^data\./, '').split('.')) {
      place = references.get(place)?.get(field);
      if (place === undefined) {
        throw badParameter(`This property cannot be expanded (${path}).`, { param: 'expand' });
      }
    }
  }
}

/** The answer with the objects that `expand[]` asks for in place of their ids. */
export function expanded(account: Account, answer: unknown, paths: string[]): unknown {
  if (paths.length === 0) return answer;
  const copy: unknown = JSON.parse(JSON.stringify(answer));
  for (const path of paths) expandOne(account, copy, path.split('.'));
  return copy;
}

function expandOne(account: Account, target: unknown, [field = '', ...rest]: string[]): void {
  if (Array.isArray(target)) {
    for (const one of target) expandOne(account, one, [field, ...rest]);
    return;
  }
  if (target === null || typeof target !== 'object') return;
  const value = new Map<string, unknown>(Object.entries(target)).get(field);
  const found = typeof value === 'string' ? find(account, value) : value;
  if (found !== undefined) Object.assign(target, { [field]: found });
  if (rest.length > 0) expandOne(account, found, rest);
}

function find(account: Account, id: string): unknown {
  if (account.deletedCustomers.has(id)) return { id, object: 'customer', deleted: true };
  const tables = [
    account.customers,
    account.paymentMethods,
    account.paymentIntents,
    account.charges,
    account.balanceTransactions,
  ];
  const found = tables.map((table) => table.get(id)).find((one) => one !== undefined);
  return found === undefined ? id : JSON.parse(JSON.stringify(found));
}
