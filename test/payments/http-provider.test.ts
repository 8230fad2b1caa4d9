import { describe, expect, inject, it } from 'vitest';
import { PaymentOutcomeUnknown, providerFor } from '../../src/payments/index.ts';
import { paymentDouble } from '../support/payment-double.ts';

const key = 'ORD-1';
const input = { amount: '42.90', currency: 'ILS', providerToken: 'tok_approve_1', idempotencyKey: key };

/** A time-out too short for a silent provider and long enough for an answering one on a busy machine. */
const IMPATIENT = { paymentTimeoutMs: 400 };
const PATIENT = { paymentTimeoutMs: 15_000 };

function setUp(options = PATIENT) {
  const double = paymentDouble(inject('paymentUrl'));
  return { double, provider: providerFor('mockpay', { mockpayUrl: double.url, ...options }) };
}

describe('a payment provider over HTTP', () => {
  it('captures once, however often it is asked', async () => {
    const { double, provider } = setUp();
    const first = await provider.charge(input);
    expect(first.status).toBe('CAPTURED');
    expect(await provider.charge(input)).toEqual(first);
    expect(await provider.find(key, input)).toEqual(first);
    expect(await double.charges()).toMatchObject([{ idempotency_key: key, amount: '42.90', requests: 2 }]);
  });

  it('tells a decline from an absent charge', async () => {
    const { provider } = setUp();
    const declined = { ...input, providerToken: 'tok_insufficient_funds_1' };
    expect(await provider.charge(declined)).toEqual({ status: 'DECLINED', reason: 'insufficient_funds' });
    expect(await provider.find(key, declined)).toEqual({ status: 'DECLINED', reason: 'insufficient_funds' });
    expect(await provider.find('ORD-2', declined)).toEqual({ status: 'NOT_FOUND' });
  });

  it.each([
    ['timeout_after_charge', 'timeout', IMPATIENT],
    ['error_500_after_charge', 'http_500', PATIENT],
    ['drop_after_charge', 'network', PATIENT],
    ['garbage', 'unexpected_answer', PATIENT],
  ] as const)('after %s the outcome is unknown, and the charge is found', async (behaviour, reason, options) => {
    const { double, provider } = setUp(options);
    await double.script(behaviour);
    const error: unknown = await provider.charge(input).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PaymentOutcomeUnknown);
    expect(error).toMatchObject({ reason });
    expect(await provider.find(key, input)).toMatchObject({ status: 'CAPTURED' });
    expect(await double.charges()).toHaveLength(1);
  });

  it.each([
    ['timeout_before_charge', IMPATIENT],
    ['error_500', PATIENT],
    ['drop', PATIENT],
  ] as const)('after %s the outcome is unknown, and nothing was charged', async (behaviour, options) => {
    const { double, provider } = setUp(options);
    await double.script(behaviour);
    await expect(provider.charge(input)).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
    expect(await provider.find(key, input)).toEqual({ status: 'NOT_FOUND' });
    expect(await double.charges()).toEqual([]);
  });

  it('takes the first of two answers and waits for a late one', async () => {
    const { double, provider } = setUp();
    await double.script('answer_twice', { behaviour: 'late', ms: 150 });
    const first = await provider.charge(input);
    expect(first.status).toBe('CAPTURED');
    expect(await provider.charge(input)).toEqual(first);
    expect(await double.charges()).toHaveLength(1);
  });

  it('does not take an answer about another amount for its own', async () => {
    const { provider } = setUp();
    await provider.charge(input);
    await expect(provider.find(key, { ...input, amount: '42.91' })).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
    await expect(provider.charge({ ...input, amount: '42.91' })).rejects.toMatchObject({ reason: 'http_409' });
  });

  it('does not take a bare 404 for proof that nothing was charged', async () => {
    const nowhere = providerFor('mockpay', { mockpayUrl: `${inject('paymentUrl')}/nowhere`, ...PATIENT });
    await expect(nowhere.find(key, input)).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
  });

  it('is unknown, not declined, when the provider cannot be reached', async () => {
    const unreachable = providerFor('mockpay', { mockpayUrl: 'http://127.0.0.1:1', ...PATIENT });
    await expect(unreachable.charge(input)).rejects.toMatchObject({ reason: 'network' });
  });

  it('asks about keys with any characters in them', async () => {
    const { provider } = setUp();
    expect(await provider.find('ORD/1 a?b#c', input)).toEqual({ status: 'NOT_FOUND' });
  });

  it('refunds in parts, once per key, never more than was captured', async () => {
    const { double, provider } = setUp();
    const charge = await provider.charge(input);
    if (charge.status !== 'CAPTURED') throw new Error('not captured');
    const refund = { reference: charge.reference, currency: 'ILS' };
    const first = await provider.refund({ ...refund, amount: '40.00', idempotencyKey: 'REF-1' });
    expect(first.status).toBe('SUCCEEDED');
    expect(await provider.refund({ ...refund, amount: '40.00', idempotencyKey: 'REF-1' })).toEqual(first);
    expect(await provider.refund({ ...refund, amount: '2.91', idempotencyKey: 'REF-2' })).toEqual({
      status: 'FAILED',
      reason: 'exceeds_captured',
    });
    expect(await double.refunds()).toMatchObject([
      { status: 'SUCCEEDED', amount: '40.00', requests: 2 },
      { status: 'FAILED', amount: '2.91' },
    ]);
  });

  it('repeats a refund whose answer was lost without paying twice', async () => {
    const { double, provider } = setUp();
    const charge = await provider.charge(input);
    if (charge.status !== 'CAPTURED') throw new Error('not captured');
    const refund = { reference: charge.reference, amount: '10.00', currency: 'ILS', idempotencyKey: 'REF-1' };
    await double.script({ behaviour: 'error_500_after_charge', on: 'refund' });
    await expect(provider.refund(refund)).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
    expect(await provider.refund(refund)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await double.refunds()).toHaveLength(1);
  });

  it('voids a captured charge', async () => {
    const { double, provider } = setUp();
    const charge = await provider.charge(input);
    if (charge.status !== 'CAPTURED') throw new Error('not captured');
    expect(await provider.void({ reference: charge.reference, idempotencyKey: 'VOID-1' })).toEqual({
      status: 'VOIDED',
    });
    expect(await provider.void({ reference: 'absent', idempotencyKey: 'VOID-2' })).toMatchObject({ status: 'FAILED' });
    expect(await double.charges()).toMatchObject([{ voided: true }]);
  });
});
