export interface ChargeInput {
  /** Decimal string with two digits, e.g. `"12.90"`. */
  amount: string;
  currency: string;
  providerToken: string;
  /** The order number: one order is charged at most once. */
  idempotencyKey: string;
}

/** What the provider needs, besides the key, to find an earlier charge. */
type ChargeContext = Pick<ChargeInput, 'amount' | 'currency' | 'providerToken'>;

export interface RefundInput {
  /** The reference of the captured charge. */
  reference: string;
  amount: string;
  currency: string;
  /** One key per refund row; a repeat with it never pays twice. */
  idempotencyKey: string;
}

export interface VoidInput {
  reference: string;
  idempotencyKey: string;
}

export type ChargeResult = { status: 'CAPTURED'; reference: string } | { status: 'DECLINED'; reason: string };
export type FindResult = ChargeResult | { status: 'NOT_FOUND' };
export type RefundResult = { status: 'SUCCEEDED'; reference: string } | { status: 'FAILED'; reason: string };
export type VoidResult = { status: 'VOIDED' } | { status: 'FAILED'; reason: string };

/**
 * A payment provider. Every method either returns what certainly happened or throws `PaymentOutcomeUnknown`; repeating a
 * call with its idempotency key is always safe.
 */
export interface PaymentProvider {
  charge(input: ChargeInput): Promise<ChargeResult>;
  /** The state of the charge with this key; used after an unknown outcome. */
  find(idempotencyKey: string, context: ChargeContext): Promise<FindResult>;
  refund(input: RefundInput): Promise<RefundResult>;
  /** Voids a captured charge as a whole. */
  void(input: VoidInput): Promise<VoidResult>;
}

/** The provider may or may not have acted: ask `find`, or repeat with the same key, never assume. */
export class PaymentOutcomeUnknown extends Error {
  override readonly name = 'PaymentOutcomeUnknown';
  /** A short identifier for the log; never contains a token, an amount or the provider's text. */
  readonly reason: string;

  constructor(reason: string) {
    super(`Payment outcome unknown: ${reason}`);
    this.reason = reason;
  }
}

export class UnknownPaymentProvider extends Error {
  override readonly name = 'UnknownPaymentProvider';
  readonly provider: string;

  constructor(provider: string) {
    super(`There is no payment provider named "${provider}"`);
    this.provider = provider;
  }
}
