import { randomBytes } from 'node:crypto';
import type { TestCard } from './cards.ts';
import { noSuch } from './errors.ts';
import { Faults } from './faults.ts';
import type { Params } from './form.ts';
import { IdempotencyKeys } from './keys.ts';
import {
  type BalanceTransaction,
  type Charge,
  type Dispute,
  newBalanceTransaction,
  type Refund,
} from './money-objects.ts';
import type { Customer, Origin, PaymentIntent, PaymentMethod, SetupIntent } from './objects.ts';
import { Webhooks } from './webhooks.ts';

/** What the stand-in knows of a card beyond what its payment method shows. */
export interface CardState {
  card: TestCard;
  expiry: { month: number; year: number };
  /** Set up for payments while the customer is away. */
  setUp: boolean;
  /** Used without a customer or detached: not to be used again. */
  spent: boolean;
}

/** An event, as the text that is answered and delivered. */
export interface StripeEvent {
  id: string;
  created: number;
  type: string;
  json: string;
  [field: string]: unknown;
}

/** One request as tests see it afterwards. */
export interface SeenRequest {
  route: string;
  path: string;
  idempotency_key: string | null;
  /** Null while it waits, and for a connection that was cut. */
  status: number | null;
  replayed: boolean;
}

export interface AccountKeys {
  secret_key: string;
  publishable_key: string;
  webhook_secret: string;
}

/** Searches do not see what is younger than this, as Stripe documents it for normal days. */
const defaultSearchLagMs = 60_000;

/** Everything that belongs to one secret key. */
export class Account {
  readonly keys: AccountKeys;
  readonly webhooks: Webhooks;
  readonly idempotency = new IdempotencyKeys();
  readonly faults = new Faults();
  readonly requests: SeenRequest[] = [];

  readonly customers = new Map<string, Customer>();
  readonly deletedCustomers = new Set<string>();
  readonly paymentMethods = new Map<string, PaymentMethod>();
  readonly cards = new Map<string, CardState>();
  readonly setupIntents = new Map<string, SetupIntent>();
  readonly paymentIntents = new Map<string, PaymentIntent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly balanceTransactions = new Map<string, BalanceTransaction>();
  readonly events = new Map<string, StripeEvent>();
  /** Intents confirmed for an absent customer: what the bank decides depends on it. */
  readonly offSession = new Set<string>();
  /** Payment intents as a search finds them, and their newer readings that it does not know yet. */
  readonly indexed = new Map<string, string>();
  #toIndex: { at: number; id: string; json: string }[] = [];

  searchLagMs = defaultSearchLagMs;
  /** The request at work, for the events it causes. */
  request: { id: string | null; idempotency_key: string | null } = { id: null, idempotency_key: null };
  apiVersion: string | null = null;
  #aheadMs = 0;
  #due: { at: number; run: () => void }[] = [];
  #nextDue = Infinity;

  constructor(keys: AccountKeys) {
    this.keys = keys;
    this.webhooks = new Webhooks(keys.webhook_secret);
  }

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  seconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  /** Lets time pass for this account, and what falls due in it happen. */
  advance(seconds: number): void {
    this.#aheadMs += seconds * 1_000;
    this.runDue();
  }

  later(seconds: number, run: () => void): void {
    const at = this.now() + seconds * 1_000;
    this.#due.push({ at, run });
    this.#nextDue = Math.min(this.#nextDue, at);
  }

  /** What Stripe does by itself: let authorisations lapse, settle slow refunds. */
  runDue(): void {
    const now = this.now();
    if (now < this.#nextDue) return;
    const due = this.#due.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    this.#due = this.#due.filter(({ at }) => at > now);
    this.#nextDue = this.#due.reduce((next, { at }) => Math.min(next, at), Infinity);
    this.request = { id: null, idempotency_key: null };
    for (const { run } of due) run();
  }

  origin(prefix: string, metadata: Record<string, string> = {}): Origin {
    return { id: newId(prefix), created: this.seconds(), metadata };
  }

  /** Every change of a payment intent goes through here, so that searches can lag behind it. */
  changed(intent: PaymentIntent): PaymentIntent {
    this.#toIndex.push({ at: this.now(), id: intent.id, json: JSON.stringify(intent) });
    if (this.#toIndex.length % 1_000 === 0) this.index();
    return intent;
  }

  /** Lets searches know what is older than their lag. */
  index(): void {
    const horizon = this.now() - this.searchLagMs;
    for (const { at, id, json } of this.#toIndex) if (at <= horizon) this.indexed.set(id, json);
    this.#toIndex = this.#toIndex.filter(({ at }) => at > horizon);
  }

  /** The customer that a parameter names, who must exist; null where it names none. */
  customerOf(params: Params): string | null {
    const id = params.text('customer');
    if (id !== null && !this.customers.has(id)) throw noSuch('customer', id, 'customer');
    return id;
  }

  balanceTransaction(given: Parameters<typeof newBalanceTransaction>[1]): BalanceTransaction {
    const transaction = newBalanceTransaction({ id: newId('txn_3'), created: this.seconds() }, given);
    this.balanceTransactions.set(transaction.id, transaction);
    return transaction;
  }

  /** Records the event with the object as it is now, and delivers it. */
  emit(type: string, object: object): void {
    const { id, created } = this.origin('evt_3');
    const json = JSON.stringify({
      id,
      object: 'event',
      api_version: this.apiVersion,
      created,
      data: { object },
      livemode: false,
      pending_webhooks: this.webhooks.url === null ? 0 : 1,
      request: this.request,
      type,
    });
    const event = { id, created, type, json };
    this.events.set(id, event);
    this.webhooks.deliver(event);
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
}

export const newId = (prefix: string): string => prefix + randomText(24);
