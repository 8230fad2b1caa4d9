/** What is paid, with what, under which key. */
export interface ChargeInput {
  /** Decimal string with two digits, e.g. `"12.90"`. */
  amount: string;
  currency: string;
  providerToken: string;
  /** The provider's own reference of the customer that the token belongs to, where it has one. */
  providerCustomer?: string | null | undefined;
  /** One order is charged or authorised at most once under one key. */
  idempotencyKey: string;
}

export interface AuthorizeInput extends ChargeInput {
  /** The customer is not there: the bank cannot ask anything, and declines where it wants to. */
  isOffSession?: boolean;
}

/** What the provider needs, besides the key, to find an earlier charge or authorisation. */
export interface FindContext {
  amount: string;
  currency: string;
  providerToken: string;
  providerCustomer?: string | null | undefined;
  /** The provider's reference, once it is known; without it the provider is searched by the key. */
  reference?: string | null | undefined;
  /** Absent: CHARGE. */
  mode?: PaymentMode;
  /** Not older than this; ISO 8601. */
  since?: string | undefined;
}

export type PaymentMode = 'CHARGE' | 'AUTHORIZE';

export interface CaptureInput {
  /** The reference of the authorisation. */
  reference: string;
  /** At most what was authorised; the rest is released. */
  amount: string;
  currency: string;
  idempotencyKey: string;
}

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

/** What the customer has to do before the bank answers (3-D Secure): at a web address, or in the provider's own library. */
export interface PaymentAction {
  type: string;
  client_secret?: string;
  url?: string;
}

/** `amount` where less was captured than authorised; `isDisputed` once the customer's bank has taken the money back. */
interface Captured {
  status: 'CAPTURED';
  reference: string;
  amount?: string;
  isDisputed?: true;
}
/** `captureBefore` is when the bank lets go of the money, in ISO 8601, if the provider says so. */
interface Authorized {
  status: 'AUTHORIZED';
  reference: string;
  captureBefore: string | null;
}
/** `reference` where the provider keeps something that the customer could still pay. */
interface Declined {
  status: 'DECLINED';
  reason: string;
  reference?: string;
}
interface ActionRequired {
  status: 'ACTION_REQUIRED';
  reference: string;
  action: PaymentAction;
}
interface Failed {
  status: 'FAILED';
  reason: string;
}

export type ChargeResult = Captured | Declined | ActionRequired;
export type AuthorizeResult = Authorized | Declined | ActionRequired;
/** What became of a request to pay, in either mode. */
export type PaymentOutcome = ChargeResult | AuthorizeResult;
export type FindResult = PaymentOutcome | { status: 'VOIDED' } | { status: 'NOT_FOUND' };
export type CaptureResult = Captured | Failed;
export type RefundResult = { status: 'SUCCEEDED'; reference: string } | Failed;
export type FindRefundResult = RefundResult | { status: 'NOT_FOUND' };
export type VoidResult = { status: 'VOIDED' } | Failed;

/** A payment method as the provider knows it. */
export interface KnownPaymentMethod {
  brand: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
}

/** For providers at which the customer enters the card: the Worker never sees its number. */
export interface CardVault {
  /** What the client needs, besides a secret, to talk to the provider. */
  readonly publishableKey: string;
  /** Makes the customer known to the provider. @returns the provider's reference of the customer */
  createCustomer(customer: { userId: number }): Promise<string>;
  /**
   * Begins entering a card for this customer. @returns the secret with which the client goes on at the provider; undefined when
   * the provider does not know the customer any more
   */
  beginSetup(providerCustomer: string): Promise<string | undefined>;
  /** Undefined unless the payment method exists and is this customer's. */
  paymentMethod(providerToken: string, providerCustomer: string): Promise<KnownPaymentMethod | undefined>;
}

/** An authentic message of the provider. It is a hint: what happened is asked by `find`. */
export interface WebhookEvent {
  id: string;
  type: string;
  /** The payment it concerns, by the provider's reference and by the key that we sent; null for anything else. */
  payment: { reference: string; idempotencyKey: string | null } | null;
}

/**
 * A payment provider. Every method either returns what certainly happened or throws `PaymentOutcomeUnknown`; repeating a
 * call with its idempotency key is always safe.
 */
export interface PaymentProvider {
  /** Takes the money at once. */
  charge(input: ChargeInput): Promise<ChargeResult>;
  /** Reserves the money, for `capture` or `void`. */
  authorize(input: AuthorizeInput): Promise<AuthorizeResult>;
  /** Takes the reserved money, or a part of it; once for each authorisation. */
  capture(input: CaptureInput): Promise<CaptureResult>;
  /** The state of the charge or authorisation with this key; used after an unknown outcome. */
  find(idempotencyKey: string, context: FindContext): Promise<FindResult>;
  refund(input: RefundInput): Promise<RefundResult>;
  /** What became of a refund; asked before one is repeated at a provider that forgets keys. */
  findRefund(input: RefundInput): Promise<FindRefundResult>;
  /** Gives all of a payment back, whatever its state: ends what the customer may still pay, releases or refunds. */
  void(input: VoidInput): Promise<VoidResult>;
  /** The provider does not know the key of a refund for ever, or has none: a repeat could pay twice. */
  readonly forgetsRefunds?: true;
  readonly vault?: CardVault;
  /** Absent: the provider sends no webhooks. @returns undefined for a message that is forged, damaged or too old */
  readWebhook?(body: string, headers: Headers): Promise<WebhookEvent | undefined>;
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
