import type { Account } from './account.ts';
import { noSuch } from './errors.ts';
import { mergedMetadata, type Params } from './form.ts';
import { listSpec, page } from './lists.ts';
import { type Customer, newCustomer } from './objects.ts';
import { livePaymentMethod } from './payment-methods.ts';
import type { Route } from './route.ts';

const fields = {
  description: 'string',
  email: 'string',
  invoice_settings: 'hash:default_payment_method|custom_fields|footer|rendering_options',
  metadata: 'metadata',
  name: 'string',
  phone: 'string',
  preferred_locales: 'list',
};

function liveCustomer(account: Account, id: string): Customer {
  const customer = account.customers.get(id);
  if (customer === undefined) throw noSuch('customer', id, 'id', 404);
  return customer;
}

function change(account: Account, customer: Customer, params: Params): void {
  for (const field of ['description', 'email', 'name', 'phone']) {
    if (params.has(field)) Object.assign(customer, { [field]: params.text(field) });
  }
  if (params.has('preferred_locales')) Object.assign(customer, { preferred_locales: params.list('preferred_locales') });
  if (params.has('metadata')) customer.metadata = mergedMetadata(customer.metadata, params);
  const method = params.hash('invoice_settings').default_payment_method;
  if (typeof method !== 'string') return;
  if (method !== '' && livePaymentMethod(account, method).customer !== customer.id) {
    throw noSuch('PaymentMethod', method, 'invoice_settings[default_payment_method]');
  }
  customer.invoice_settings.default_payment_method = method === '' ? null : method;
}

export const customerRoutes: Route[] = [
  {
    route: 'POST /v1/customers',
    spec: fields,
    handle({ account, params }) {
      const customer = newCustomer(account.origin('cus_', mergedMetadata({}, params)), { email: null, name: null });
      change(account, customer, params);
      account.customers.set(customer.id, customer);
      account.emit('customer.created', customer);
      return customer;
    },
  },
  {
    route: 'GET /v1/customers',
    spec: { ...listSpec, email: 'string' },
    handle: ({ account, params }) =>
      page(account.customers.values(), params, { url: '/v1/customers', kind: 'customer', by: ['email'] }),
  },
  {
    route: 'GET /v1/customers/:id',
    spec: {},
    handle({ account, id }) {
      if (account.deletedCustomers.has(id)) return { id, object: 'customer', deleted: true };
      return liveCustomer(account, id);
    },
  },
  {
    route: 'POST /v1/customers/:id',
    spec: fields,
    handle({ account, params, id }) {
      const customer = liveCustomer(account, id);
      change(account, customer, params);
      account.emit('customer.updated', customer);
      return customer;
    },
  },
  {
    route: 'DELETE /v1/customers/:id',
    spec: {},
    handle({ account, id }) {
      const customer = liveCustomer(account, id);
      account.customers.delete(id);
      account.deletedCustomers.add(id);
      for (const method of account.paymentMethods.values()) {
        if (method.customer !== id) continue;
        method.customer = null;
        const state = account.cards.get(method.id);
        if (state !== undefined) state.spent = true;
      }
      account.emit('customer.deleted', customer);
      return { id, object: 'customer', deleted: true };
    },
  },
  {
    route: 'GET /v1/customers/:id/payment_methods',
    spec: { ...listSpec, type: 'string' },
    handle({ account, params, id }) {
      liveCustomer(account, id);
      const theirs = [...account.paymentMethods.values()].filter(({ customer }) => customer === id);
      return page(theirs, params, { url: `/v1/customers/${id}/payment_methods`, kind: 'PaymentMethod', by: ['type'] });
    },
  },
];
