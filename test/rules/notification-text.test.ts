import { describe, expect, it } from 'vitest';
import { ORDER_STATUSES } from '../../src/features/orders/statuses.ts';
import { notificationText } from '../../src/features/store/notification-text.ts';

describe('the text of a notification', () => {
  it.each(ORDER_STATUSES)('names the order that became %s, in words of its own', (status) => {
    const { title, body } = notificationText('ORDER_STATUS', { status, order_number: 'M-1001' });
    expect(title).not.toBe('Order updated');
    expect(body).toMatch(/order M-1001/i);
    expect(`${title} ${body}`).not.toMatch(/[A-Z]{2,}_|undefined|null/);
  });

  it('tells every status apart', () => {
    const texts = ORDER_STATUSES.map(
      (status) => notificationText('ORDER_STATUS', { status, order_number: 'M-1' }).body,
    );
    expect(new Set(texts).size).toBe(ORDER_STATUSES.length);
  });

  it('asks the customer of a pickup to come, and tells that of a delivery to wait', () => {
    const ready = { status: 'READY', order_number: 'M-1' };
    expect(notificationText('ORDER_STATUS', { ...ready, fulfillment_type: 'PICKUP' })).toEqual({
      title: 'Order ready for pickup',
      body: 'Order M-1 is ready. Come and collect it.',
    });
    expect(notificationText('ORDER_STATUS', { ...ready, fulfillment_type: 'DELIVERY' }).body).toContain('delivery');
    const done = { status: 'DELIVERED', order_number: 'M-1', fulfillment_type: 'PICKUP' } as const;
    expect(notificationText('ORDER_STATUS', done).title).toBe('Order collected');
  });

  it('has a text for a status it does not know', () => {
    expect(notificationText('ORDER_STATUS', { status: 'toString', order_number: 'M-1' }).body).toBe(
      'There is news of order M-1.',
    );
  });

  it('names the amount and the reason of a refund', () => {
    const data = { amount: '12.90', currency: 'ILS', order_number: 'M-1', reason: 'MISSING' };
    expect(notificationText('REFUND', data)).toEqual({
      title: 'Refund on its way',
      body: '12.90 ILS of order M-1 will be paid back to you for items we did not have.',
    });
  });

  it('names both products of a replacement, and the difference when there is one', () => {
    const data = { order_number: 'M-1', product_name: 'Milk 3%', replacement_name: 'Milk 1%', quantity: 2 };
    const swap = 'In order M-1 we replaced 2 × Milk 3% with Milk 1%.';
    expect(notificationText('REPLACEMENT', data).body).toBe(swap);
    expect(notificationText('REPLACEMENT', { ...data, refund_amount: '0.00', currency: 'ILS' }).body).toBe(swap);
    expect(notificationText('REPLACEMENT', { ...data, refund_amount: 3.2, currency: 'ILS' }).body).toBe(
      `${swap} The difference of 3.20 ILS is refunded.`,
    );
  });

  it('tells an employee what became of a request', () => {
    const data = { product_name: 'Challah', quantity: 40 };
    expect(notificationText('STOCK_REQUEST', { ...data, status: 'APPROVED' })).toEqual({
      title: 'Stock request approved',
      body: 'Your request for Challah was approved with a quantity of 40.',
    });
    expect(notificationText('STOCK_REQUEST', { ...data, status: 'REJECTED', rejection_reason: 'Too many' }).body).toBe(
      'Your request for Challah was rejected: Too many',
    );
  });

  it('does without what a row lacks', () => {
    for (const type of ['ORDER_STATUS', 'REFUND', 'REPLACEMENT', 'STOCK_REQUEST'] as const) {
      expect(notificationText(type, {}).body).not.toMatch(/undefined|null|NaN/);
    }
  });

  it('says where a refund went', () => {
    const refund = { order_number: 'M-1', amount: '12.00', currency: 'ILS', reason: 'CLAIM' };
    expect(notificationText('REFUND', refund)).toEqual({
      title: 'Refund on its way',
      body: '12.00 ILS of order M-1 will be paid back to you for what you complained about.',
    });
    expect(notificationText('REFUND', { ...refund, credit_amount: '2.00' }).title).toBe('Refund on its way');
    expect(notificationText('REFUND', { ...refund, credit_amount: '12.00' })).toEqual({
      title: 'Store credit added',
      body: '12.00 ILS of order M-1 is now store credit of yours for what you complained about.',
    });
  });

  it.each([
    [
      'APPROVED',
      'Claim approved',
      'We accept your claim about order M-1. 7.00 ILS will be paid back. The shop says: Sorry',
    ],
    [
      'PARTLY_APPROVED',
      'Claim approved in part',
      'We accept your claim about order M-1 in part. 7.00 ILS will be paid back. The shop says: Sorry',
    ],
    ['DENIED', 'Claim declined', 'We are sorry, we do not accept your claim about order M-1. The shop says: Sorry'],
  ])('tells what became of a claim: %s', (status, title, body) => {
    const data = { status, order_number: 'M-1', amount: '7.00', currency: 'ILS', reason: 'Sorry' };
    expect(notificationText('CLAIM', data)).toEqual({ title, body });
  });

  it('tells of credit that was given and taken back', () => {
    expect(notificationText('CREDIT', { amount: '5.00', currency: 'ILS', reason: 'A gift' })).toEqual({
      title: 'Store credit added',
      body: 'You have 5.00 ILS more store credit: A gift',
    });
    expect(notificationText('CREDIT', { amount: '-5.00', currency: 'ILS', reason: 'A mistake' })).toEqual({
      title: 'Store credit taken back',
      body: '5.00 ILS was taken back: A mistake',
    });
  });
});
