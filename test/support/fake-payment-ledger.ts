import { randomUUID } from 'node:crypto';
import { behaviourOf } from '../../src/payments/mockpay.ts';

/** A row of `GET /t/{tenant}/charges`; `requests` counts how often it was asked for. */
export interface FakeCharge {
  status: 'CAPTURED' | 'DECLINED';
  reference: string;
  reason: string | null;
  idempotency_key: string;
  amount: string;
  currency: string;
  provider_token: string;
  requests: number;
  voided: boolean;
}

/** A row of `GET /t/{tenant}/refunds`. */
export interface FakeRefund {
  status: 'SUCCEEDED' | 'FAILED';
  reference: string;
  charge_reference: string;
  reason: string | null;
  idempotency_key: string;
  amount: string;
  currency: string;
  requests: number;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** The books of one tenant of the payment double: one charge per key, never more refunded than captured. */
export class PaymentLedger {
  readonly charges = new Map<string, FakeCharge>();
  readonly refunds = new Map<string, FakeRefund>();

  charge(key: string, body: Record<string, unknown>, decline: string | null): Answer {
    const { amount, currency, provider_token } = body;
    if (!key || !isMoney(amount) || typeof currency !== 'string' || typeof provider_token !== 'string') {
      return { status: 400, body: { error: 'invalid charge' } };
    }
    const known = this.charges.get(key);
    if (known && (known.amount !== amount || known.currency !== currency || known.provider_token !== provider_token)) {
      return { status: 409, body: { error: 'key used for another charge' } };
    }
    const charge: FakeCharge = known ?? {
      status: decline ? 'DECLINED' : 'CAPTURED',
      reference: `fake_${randomUUID()}`,
      reason: decline,
      idempotency_key: key,
      amount,
      currency,
      provider_token,
      requests: 0,
      voided: false,
    };
    charge.requests += 1;
    this.charges.set(key, charge);
    return chargeAnswer(charge);
  }

  find(key: string): Answer {
    const charge = this.charges.get(key);
    if (!charge) return { status: 404, body: { status: 'NOT_FOUND', idempotency_key: key } };
    return { ...chargeAnswer(charge), status: 200 };
  }

  refund(key: string, body: Record<string, unknown>, decline: string | null): Answer {
    const { reference, amount, currency } = body;
    if (!key || !isMoney(amount) || typeof currency !== 'string') {
      return { status: 400, body: { error: 'invalid refund' } };
    }
    const known = this.refunds.get(key);
    if (known && (known.amount !== amount || known.charge_reference !== reference)) {
      return { status: 409, body: { error: 'key used for another refund' } };
    }
    const refused = decline ?? this.#refundRefusal(String(reference), amount);
    const refund: FakeRefund = known ?? {
      status: refused ? 'FAILED' : 'SUCCEEDED',
      reference: `fake_refund_${randomUUID()}`,
      charge_reference: String(reference),
      reason: refused,
      idempotency_key: key,
      amount,
      currency,
      requests: 0,
    };
    refund.requests += 1;
    this.refunds.set(key, refund);
    return { status: refund.status === 'FAILED' ? 422 : 201, body: refund };
  }

  #refundRefusal(reference: string, amount: string): string | null {
    const charge = [...this.charges.values()].find((one) => one.reference === reference && one.status === 'CAPTURED');
    if (!charge || charge.voided) return 'no_such_charge';
    if (behaviourOf(charge.provider_token) === 'refund_fails') return 'refund_refused';
    const refunded = [...this.refunds.values()]
      .filter((refund) => refund.charge_reference === reference && refund.status === 'SUCCEEDED')
      .reduce((sum, refund) => sum + cents(refund.amount), 0);
    return refunded + cents(amount) > cents(charge.amount) ? 'exceeds_captured' : null;
  }

  void(reference: string, key: string, decline: string | null): Answer {
    const charge = [...this.charges.values()].find((one) => one.reference === reference && one.status === 'CAPTURED');
    if (decline || !charge) {
      return { status: 422, body: { status: 'FAILED', reason: decline ?? 'no_such_charge', idempotency_key: key } };
    }
    charge.voided = true;
    return { status: 200, body: { status: 'VOIDED', idempotency_key: key } };
  }
}

function chargeAnswer(charge: FakeCharge): Answer {
  const { idempotency_key, amount, currency } = charge;
  return charge.status === 'CAPTURED'
    ? { status: 201, body: { status: 'CAPTURED', reference: charge.reference, idempotency_key, amount, currency } }
    : { status: 402, body: { status: 'DECLINED', reason: charge.reason, idempotency_key, amount, currency } };
}

function isMoney(value: unknown): value is string {
  return typeof value === 'string' && /^\d+\.\d{2}$/.test(value) && cents(value) > 0;
}

function cents(amount: string): number {
  return Number(amount.replace('.', ''));
}
