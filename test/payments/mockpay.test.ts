import { describe, expect, it } from 'vitest';
import { PaymentOutcomeUnknown, providerFor, UnknownPaymentProvider } from '../../src/payments/index.ts';
import { mockpay } from '../../src/payments/mockpay.ts';

const order = { amount: '42.90', currency: 'ILS', idempotencyKey: 'ORD-1' };
const charge = (providerToken: string) => mockpay.charge({ ...order, providerToken });
const find = (providerToken: string) => mockpay.find(order.idempotencyKey, { ...order, providerToken });

describe('the built-in payment provider', () => {
  it.each([
    ['tok_approve_1', { status: 'CAPTURED', reference: 'mockpay_ORD-1' }],
    ['token-made-by-hand', { status: 'CAPTURED', reference: 'mockpay_ORD-1' }],
    ['tok_declined_by_nobody', { status: 'CAPTURED', reference: 'mockpay_ORD-1' }],
    ['tok_decline', { status: 'DECLINED', reason: 'card_declined' }],
    ['tok_decline_1', { status: 'DECLINED', reason: 'card_declined' }],
    ['tok_insufficient_funds_1', { status: 'DECLINED', reason: 'insufficient_funds' }],
  ])('answers a charge of %s, a repeat of it and a later question alike', async (token, expected) => {
    expect(await charge(token)).toEqual(expected);
    expect(await charge(token)).toEqual(expected);
    expect(await find(token)).toEqual(expected);
  });

  it('knows afterwards which of the timed-out charges went through', async () => {
    await expect(charge('tok_timeout_charged_1')).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
    expect(await find('tok_timeout_charged_1')).toEqual({ status: 'CAPTURED', reference: 'mockpay_ORD-1' });
    await expect(charge('tok_timeout_lost_1')).rejects.toBeInstanceOf(PaymentOutcomeUnknown);
    expect(await find('tok_timeout_lost_1')).toEqual({ status: 'NOT_FOUND' });
  });

  it('captures slowly', async () => {
    expect(await charge('tok_slow_1')).toMatchObject({ status: 'CAPTURED' });
  });

  it('refunds and voids, except for the card that cannot be refunded', async () => {
    const refund = { amount: '1.00', currency: 'ILS', idempotencyKey: 'REF-1' };
    const good = await charge('tok_approve_1');
    const bad = await charge('tok_refund_fails_1');
    if (good.status !== 'CAPTURED' || bad.status !== 'CAPTURED') throw new Error('not captured');
    expect(await mockpay.refund({ ...refund, ...good })).toEqual({
      status: 'SUCCEEDED',
      reference: 'mockpay_refund_REF-1',
    });
    expect(await mockpay.refund({ ...refund, ...bad })).toMatchObject({ status: 'FAILED' });
    expect(await mockpay.void({ ...refund, ...good })).toEqual({ status: 'VOIDED' });
    expect(await mockpay.void({ ...refund, ...bad })).toMatchObject({ status: 'FAILED' });
  });

  it('is the only provider there is', async () => {
    const order = { amount: '10.00', currency: 'ILS', providerToken: 'tok_approve_1' };
    const config = { paymentTimeoutMs: 1000 };
    expect(await providerFor('mockpay', config).find('order-1', order)).toEqual(await mockpay.find('order-1', order));
    expect(() => providerFor('stripe', config)).toThrow(UnknownPaymentProvider);
  });
});
