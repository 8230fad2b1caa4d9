import { randomUUID } from 'node:crypto';
import { behaviourOf } from '../../src/payments/mockpay.ts';

/** A row of `GET /t/{tenant}/charges`; `requests` counts how often it was asked for. */
export interface FakeCharge {
  status: 'CAPTURED' | 'AUTHORIZED' | 'ACTION_REQUIRED' | 'DECLINED' | 'VOIDED';
  /** Authorised first, and captured on demand. */
  is_authorization: boolean;
  captured_amount: string | null;
  capture_key: string | null;
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

  charge(key: string, body: Record<string, unknown>, decline: string | null, isAuthorization = false): Answer {
    const { amount, currency, provider_token } = body;
    if (!key || !isMoney(amount) || typeof currency !== 'string' || typeof provider_token !== 'string') {
      return { status: 400, body: { error: 'invalid charge' } };
    }
    const known = this.charges.get(key);
    if (known && (known.amount !== amount || known.currency !== currency || known.provider_token !== provider_token)) {
      return { status: 409, body: { error: 'key used for another charge' } };
    }
    const charge: FakeCharge = known ?? {
      status: decline ? 'DECLINED' : isAuthorization ? 'AUTHORIZED' : 'CAPTURED',
      is_authorization: isAuthorization,
      captured_amount: null,
      capture_key: null,
      reference: `fake_${randomUUID()}`,
      reason: decline,
      idempotency_key: key,
      amount,
      currency,
      provider_token,
      requests: 0,
      voided: false,
    };
    if (!known && !decline && behaviourOf(provider_token) === 'action_required') charge.status = 'ACTION_REQUIRED';
    charge.requests += 1;
    this.charges.set(key, charge);
    return chargeAnswer(charge);
  }

  find(key: string): Answer {
    const charge = this.charges.get(key);
    if (!charge) return { status: 404, body: { status: 'NOT_FOUND', idempotency_key: key } };
    return { ...chargeAnswer(charge), status: 200 };
  }

  /** The customer passes the check of the bank or fails it. */
  settleAction(key: string, passed: boolean): Answer {
    const charge = this.charges.get(key);
    if (charge?.status !== 'ACTION_REQUIRED') return { status: 409, body: { error: 'waits for no action' } };
    charge.status = passed ? (charge.is_authorization ? 'AUTHORIZED' : 'CAPTURED') : 'DECLINED';
    if (!passed) charge.reason = 'authentication_failed';
    return { status: 204, body: null };
  }

  capture(reference: string, key: string, body: Record<string, unknown>, decline: string | null): Answer {
    const charge = [...this.charges.values()].find((one) => one.reference === reference && one.is_authorization);
    const { amount, currency } = body;
    const failed = (reason: string) => ({ status: 422, body: { status: 'FAILED', reason, idempotency_key: key } });
    if (!charge || !isMoney(amount)) return failed('no_such_authorization');
    if (decline || behaviourOf(charge.provider_token) === 'capture_fails') return failed(decline ?? 'capture_refused');
    if (charge.status === 'AUTHORIZED' && cents(amount) <= cents(charge.amount)) {
      Object.assign(charge, { status: 'CAPTURED', captured_amount: amount, capture_key: key });
    }
    if (charge.status !== 'CAPTURED' || charge.capture_key !== key || charge.captured_amount !== amount) {
      return failed('not_authorized');
    }
    return { status: 200, body: { status: 'CAPTURED', reference, idempotency_key: key, amount, currency } };
  }

  findRefund(key: string): Answer {
    const refund = this.refunds.get(key);
    if (!refund) return { status: 404, body: { status: 'NOT_FOUND', idempotency_key: key } };
    return { status: 200, body: refund };
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
    return refunded + cents(amount) > cents(charge.captured_amount ?? charge.amount) ? 'exceeds_captured' : null;
  }

  void(reference: string, key: string, decline: string | null): Answer {
    const charge = [...this.charges.values()].find((one) => one.reference === reference);
    if (decline || !charge) {
      return { status: 422, body: { status: 'FAILED', reason: decline ?? 'no_such_charge', idempotency_key: key } };
    }
    if (charge.status !== 'CAPTURED' && charge.status !== 'DECLINED') charge.status = 'VOIDED';
    charge.voided = true;
    return { status: 200, body: { status: 'VOIDED', idempotency_key: key } };
  }
}

function chargeAnswer(charge: FakeCharge): Answer {
  const { idempotency_key, amount, currency, status, reference, captured_amount } = charge;
  const echo = { status, idempotency_key, amount, currency };
  switch (status) {
    case 'DECLINED':
      return { status: 402, body: { ...echo, reason: charge.reason } };
    case 'AUTHORIZED':
      return {
        status: 201,
        body: { ...echo, reference, capture_before: new Date(Date.now() + WEEK_MS).toISOString() },
      };
    case 'ACTION_REQUIRED':
      return {
        status: 201,
        body: { ...echo, reference, action: { type: 'redirect_to_url', url: 'https://bank.example/' } },
      };
    case 'VOIDED':
      return { status: 201, body: echo };
    case 'CAPTURED':
      return { status: 201, body: { ...echo, reference, ...(captured_amount !== null && { captured_amount }) } };
  }
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

function isMoney(value: unknown): value is string {
  return typeof value === 'string' && /^\d+\.\d{2}$/.test(value) && cents(value) > 0;
}

function cents(amount: string): number {
  return Number(amount.replace('.', ''));
}
