import type { Account, CardState } from './account.ts';
import { cardOfNumber, cardOfToken, type Decline, notATestCard, type TestCard } from './cards.ts';
import { badParameter, noSuch, refused, StripeProblem } from './errors.ts';
import { type Form, mergedMetadata } from './form.ts';
import { listSpec, page } from './lists.ts';
import { newPaymentMethod, type PaymentMethod } from './objects.ts';
import type { Route } from './route.ts';

const nextYear = () => new Date().getFullYear() + 1;

function create(
  account: Account,
  card: TestCard,
  given: { expiry?: { month: number; year: number }; billing?: Form; metadata?: Record<string, string> } = {},
): PaymentMethod {
  const expiry = given.expiry ?? { month: 12, year: nextYear() };
  const method = newPaymentMethod(account.origin('pm_1', given.metadata ?? {}), card, expiry, given.billing ?? {});
  account.paymentMethods.set(method.id, method);
  account.cards.set(method.id, { card, expiry, setUp: false, spent: false });
  return method;
}

/** The payment method that a parameter or the path names; a test card's name makes a new one, as at Stripe. */
export function livePaymentMethod(account: Account, id: string, status: 400 | 404 = 400): PaymentMethod {
  const card = id.startsWith('pm_card_') ? cardOfToken(id) : undefined;
  const method = card === undefined ? account.paymentMethods.get(id) : create(account, card);
  if (method === undefined) throw noSuch('PaymentMethod', id, 'payment_method', status);
  return method;
}

export function cardStateOf(account: Account, method: PaymentMethod): CardState {
  const state = account.cards.get(method.id);
  if (state === undefined) throw new Error(`No card behind ${method.id}`);
  return state;
}

/** Makes a payment method from `payment_method_data`, or from the body of its own endpoint. */
export function methodOfData(account: Account, data: Form, metadata: Record<string, string> = {}): PaymentMethod {
  if (data.type !== undefined && data.type !== 'card') {
    throw refused(`The payment method type "${String(data.type)}" is invalid. The stand-in knows cards only.`, {
      param: 'type',
    });
  }
  const given = data.card;
  if (typeof given !== 'object') {
    throw badParameter('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
  }
  const billing = typeof data.billing_details === 'object' ? { billing: data.billing_details } : {};
  if (typeof given.token === 'string') {
    const card = cardOfToken(given.token);
    if (card === undefined) throw noSuch('token', given.token, 'card[token]');
    return create(account, card, { ...billing, metadata });
  }
  return create(account, cardOfDigits(given), { ...billing, metadata, expiry: expiryOf(given) });
}

function cardOfDigits({ number }: Form): TestCard {
  const digits = String(number ?? '').replaceAll(' ', '');
  if (!passesLuhn(digits)) {
    throw cardError({ code: 'incorrect_number', message: 'Your card number is incorrect.', param: 'number' });
  }
  const card = cardOfNumber(digits);
  if (card === undefined) throw cardError({ ...notATestCard });
  return card;
}

function expiryOf(given: Form): { month: number; year: number } {
  const month = Number(given.exp_month);
  const year = Number(given.exp_year);
  if (!(month >= 1 && month <= 12)) {
    throw cardError({
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      param: 'exp_month',
    });
  }
  if (!(year >= new Date().getFullYear() && year < nextYear() + 50)) {
    throw cardError({
      code: 'invalid_expiry_year',
      message: "Your card's expiration year is invalid.",
      param: 'exp_year',
    });
  }
  return { month, year };
}

function passesLuhn(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** 402 without an intent. */
function cardError(decline: Partial<Decline> & { message: string }): StripeProblem {
  return new StripeProblem(402, { type: 'card_error', ...decline });
}

/** Saves the card for its customer, unless the bank says no. */
export function attach(account: Account, method: PaymentMethod, customer: string): void {
  const { card, spent } = cardStateOf(account, method);
  if (method.customer === customer) return;
  if (method.customer !== null) {
    throw refused('The payment method you provided has already been attached to a customer.');
  }
  if (spent) throw usedUp();
  if (card.decline !== undefined && card.attachable !== true) throw cardError({ ...card.decline });
  method.customer = customer;
  method.card.checks.cvc_check = 'pass';
  account.emit('payment_method.attached', method);
}

export const usedUp = (fields: Record<string, unknown> = {}): StripeProblem =>
  refused(
    'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
    fields,
  );

export const paymentMethodRoutes: Route[] = [
  {
    route: 'POST /v1/payment_methods',
    spec: {
      type: 'string',
      card: 'hash:number|exp_month|exp_year|cvc|token',
      billing_details: 'hash:address|email|name|phone|tax_id',
      metadata: 'metadata',
    },
    handle({ account, params }) {
      const data: Form = { type: params.text('type') ?? 'card', billing_details: params.hash('billing_details') };
      if (params.has('card')) data.card = params.hash('card');
      return methodOfData(account, data, mergedMetadata({}, params));
    },
  },
  {
    route: 'GET /v1/payment_methods',
    spec: { ...listSpec, customer: 'string', type: 'string' },
    handle({ account, params }) {
      const customer = account.customerOf(params);
      const theirs = [...account.paymentMethods.values()].filter((one) => one.customer === customer);
      return page(customer === null ? [] : theirs, params, {
        url: '/v1/payment_methods',
        kind: 'PaymentMethod',
        by: ['type'],
      });
    },
  },
  {
    route: 'GET /v1/payment_methods/:id',
    spec: {},
    handle: ({ account, id }) => livePaymentMethod(account, id, 404),
  },
  {
    route: 'POST /v1/payment_methods/:id',
    spec: { metadata: 'metadata' },
    handle({ account, params, id }) {
      const method = livePaymentMethod(account, id, 404);
      method.metadata = mergedMetadata(method.metadata, params);
      return method;
    },
  },
  {
    route: 'POST /v1/payment_methods/:id/attach',
    spec: { customer: 'string!' },
    handle({ account, params, id }) {
      const customer = account.customerOf(params) ?? '';
      const method = livePaymentMethod(account, id, 404);
      attach(account, method, customer);
      return method;
    },
  },
  {
    route: 'POST /v1/payment_methods/:id/detach',
    spec: {},
    handle({ account, id }) {
      const method = livePaymentMethod(account, id, 404);
      if (method.customer === null) {
        throw refused('The payment method you provided is not attached to a customer so detachment is impossible.');
      }
      const owner = account.customers.get(method.customer);
      if (owner?.invoice_settings.default_payment_method === id) owner.invoice_settings.default_payment_method = null;
      method.customer = null;
      cardStateOf(account, method).spent = true;
      account.emit('payment_method.detached', method);
      return method;
    },
  },
];
