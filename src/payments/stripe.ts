import type Stripe from 'stripe';
import {
  type AuthorizeInput,
  type AuthorizeResult,
  type CaptureInput,
  type CaptureResult,
  type CardVault,
  type ChargeInput,
  type ChargeResult,
  type FindContext,
  type FindRefundResult,
  type FindResult,
  type KnownPaymentMethod,
  PaymentOutcomeUnknown,
  type PaymentProvider,
  type RefundInput,
  type RefundResult,
  type VoidInput,
  type VoidResult,
  type WebhookEvent,
} from './provider.ts';
import { asPaid, captured, intentIdOf, KEY, refunded, refusalOf, resultOf, toMinorUnits } from './stripe-objects.ts';

export interface StripeConfig {
  secretKey: string;
  webhookSecret: string;
  publishableKey: string;
  /** Development and tests only: a stand-in for Stripe's API. */
  apiUrl?: string | undefined;
}

/** Stripe refuses a webhook that was signed longer ago. */
const WEBHOOK_TOLERANCE_SECONDS = 300;
const LATEST_CHARGE = ['latest_charge'];
/** A request may have reached Stripe this much before we think that it was sent. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Stripe, through its own package. Payments are PaymentIntents; each carries our key in its metadata, because Stripe forgets
 * idempotency keys after 24 hours and its search lags behind. Lists do not lag: what is not listed is not there.
 */
export class StripeProvider implements PaymentProvider {
  readonly forgetsRefunds = true;
  readonly vault: CardVault;
  readonly #config: StripeConfig;
  readonly #timeoutMs: number;
  #loading: Promise<Stripe> | undefined;

  constructor(config: StripeConfig, timeoutMs: number) {
    this.#config = config;
    this.#timeoutMs = timeoutMs;
    this.vault = {
      publishableKey: config.publishableKey,
      createCustomer: ({ userId }) => this.#createCustomer(userId),
      beginSetup: (customer) => this.#beginSetup(customer),
      paymentMethod: (token, customer) => this.#paymentMethod(token, customer),
    };
  }

  async charge(input: ChargeInput): Promise<ChargeResult> {
    const result = await this.#pay(input, { capture_method: 'automatic' });
    if (result.status === 'AUTHORIZED') throw new PaymentOutcomeUnknown('unexpected_answer');
    return result;
  }

  async authorize({ isOffSession, ...input }: AuthorizeInput): Promise<AuthorizeResult> {
    const result = await this.#pay(input, {
      capture_method: 'manual',
      ...(isOffSession && { off_session: true }),
    });
    if (result.status === 'CAPTURED') throw new PaymentOutcomeUnknown('unexpected_answer');
    return result;
  }

  async #pay(input: ChargeInput, terms: Partial<Stripe.PaymentIntentCreateParams>) {
    const { amount, currency, providerToken, providerCustomer, idempotencyKey } = input;
    const stripe = await this.#client();
    try {
      const intent = await stripe.paymentIntents.create(
        {
          amount: toMinorUnits(amount),
          currency: currency.toLowerCase(),
          payment_method: providerToken,
          ...(providerCustomer && { customer: providerCustomer }),
          allowed_payment_method_types: ['card'],
          confirm: true,
          metadata: { [KEY]: idempotencyKey },
          expand: LATEST_CHARGE,
          ...terms,
        },
        { idempotencyKey },
      );
      return asPaid(resultOf(intent, { ...input, idempotencyKey }));
    } catch (error) {
      const { kind, reason } = refusalOf(error);
      if (kind === 'refused') return { status: 'DECLINED', reason } as const;
      throw new PaymentOutcomeUnknown(reason);
    }
  }

  async find(idempotencyKey: string, context: FindContext): Promise<FindResult> {
    const intent = await this.#ask((stripe) =>
      context.reference
        ? stripe.paymentIntents.retrieve(context.reference, { expand: LATEST_CHARGE })
        : this.#search(stripe, idempotencyKey, context),
    );
    return intent ? resultOf(intent, { ...context, idempotencyKey }) : { status: 'NOT_FOUND' };
  }

  /** The customer's payments since then, newest first: a list shows a payment as soon as Stripe has it. */
  async #search(stripe: Stripe, idempotencyKey: string, { providerCustomer, since }: FindContext) {
    const created = since && { created: { gte: Math.floor(Date.parse(since) / 1000) - CLOCK_SKEW_SECONDS } };
    const payments = stripe.paymentIntents.list({
      ...(providerCustomer && { customer: providerCustomer }),
      ...created,
      limit: 100,
      expand: ['data.latest_charge'],
    });
    for await (const intent of payments) {
      if (intent.metadata[KEY] === idempotencyKey) return intent;
    }
    return undefined;
  }

  async capture({ reference, amount, currency, idempotencyKey }: CaptureInput): Promise<CaptureResult> {
    const stripe = await this.#client();
    const wanted = toMinorUnits(amount);
    try {
      const intent = await stripe.paymentIntents.capture(
        reference,
        { amount_to_capture: wanted, expand: LATEST_CHARGE },
        { idempotencyKey },
      );
      return captured(intent, wanted, currency);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.kind === 'unknown') throw new PaymentOutcomeUnknown(refusal.reason);
      // Stripe captures once; a second request under a forgotten key is refused, and the first one's result counts.
      const intent = await this.#ask((client) => client.paymentIntents.retrieve(reference, { expand: LATEST_CHARGE }));
      if (intent.status === 'succeeded') return captured(intent, wanted, currency);
      return { status: 'FAILED', reason: intent.status === 'canceled' ? 'authorization_lapsed' : refusal.reason };
    }
  }

  async refund(input: RefundInput): Promise<RefundResult> {
    const stripe = await this.#client();
    try {
      const refund = await stripe.refunds.create(
        {
          payment_intent: input.reference,
          amount: toMinorUnits(input.amount),
          metadata: { [KEY]: input.idempotencyKey },
        },
        { idempotencyKey: input.idempotencyKey },
      );
      return refunded(refund, input);
    } catch (error) {
      const { kind, reason } = refusalOf(error);
      if (kind === 'refused') return { status: 'FAILED', reason };
      throw new PaymentOutcomeUnknown(reason);
    }
  }

  async findRefund(input: RefundInput): Promise<FindRefundResult> {
    return this.#ask(async (stripe) => {
      for await (const refund of stripe.refunds.list({ payment_intent: input.reference, limit: 100 })) {
        if (refund.metadata?.[KEY] === input.idempotencyKey) return refunded(refund, input);
      }
      return { status: 'NOT_FOUND' };
    });
  }

  /** An intent that was paid is refunded, any other one canceled. */
  async void({ reference, idempotencyKey }: VoidInput): Promise<VoidResult> {
    const stripe = await this.#client();
    try {
      const intent = await stripe.paymentIntents.retrieve(reference, { expand: LATEST_CHARGE });
      if (intent.status === 'canceled') return { status: 'VOIDED' };
      if (intent.status !== 'succeeded') {
        await stripe.paymentIntents.cancel(reference, {}, { idempotencyKey });
        return { status: 'VOIDED' };
      }
      const charge = intent.latest_charge;
      if (charge && typeof charge !== 'string' && charge.refunded) return { status: 'VOIDED' };
      await stripe.refunds.create({ payment_intent: reference }, { idempotencyKey: `${idempotencyKey}-refund` });
      return { status: 'VOIDED' };
    } catch (error) {
      const { kind, reason } = refusalOf(error);
      // It was paid between looking and canceling: the next attempt refunds it.
      if (kind === 'refused' && reason !== 'payment_intent_unexpected_state') return { status: 'FAILED', reason };
      throw new PaymentOutcomeUnknown(reason);
    }
  }

  async readWebhook(body: string, headers: Headers): Promise<WebhookEvent | undefined> {
    const stripe = await this.#client();
    const signature = headers.get('stripe-signature');
    if (!signature) return undefined;
    try {
      const event = await stripe.webhooks.constructEventAsync(
        body,
        signature,
        this.#config.webhookSecret,
        WEBHOOK_TOLERANCE_SECONDS,
      );
      return { id: event.id, type: event.type, payment: intentIdOf(event.data.object) };
    } catch {
      return undefined;
    }
  }

  async #createCustomer(userId: number): Promise<string> {
    const customer = await this.#ask((stripe) => stripe.customers.create({ metadata: { user_id: String(userId) } }));
    return customer.id;
  }

  async #beginSetup(customer: string): Promise<string | undefined> {
    const stripe = await this.#client();
    try {
      const intent = await stripe.setupIntents.create({
        customer,
        usage: 'off_session',
        allowed_payment_method_types: ['card'],
      });
      return intent.client_secret ?? undefined;
    } catch (error) {
      const { kind, reason } = refusalOf(error);
      if (kind === 'refused' && reason === 'resource_missing') return undefined;
      throw new PaymentOutcomeUnknown(reason);
    }
  }

  async #paymentMethod(token: string, customer: string): Promise<KnownPaymentMethod | undefined> {
    const stripe = await this.#client();
    try {
      const { card, customer: owner } = await stripe.paymentMethods.retrieve(token);
      const ownerId = typeof owner === 'string' ? owner : owner?.id;
      if (!card || ownerId !== customer) return undefined;
      const { brand, last4, exp_month, exp_year } = card;
      return { brand, last4, exp_month, exp_year };
    } catch (error) {
      const { kind, reason } = refusalOf(error);
      if (kind === 'refused') return undefined;
      throw new PaymentOutcomeUnknown(reason);
    }
  }

  /** A request that moves no money: whatever goes wrong with it, nothing is known. */
  async #ask<T>(request: (stripe: Stripe) => Promise<T>): Promise<T> {
    try {
      return await request(await this.#client());
    } catch (error) {
      throw error instanceof PaymentOutcomeUnknown ? error : new PaymentOutcomeUnknown(refusalOf(error).reason);
    }
  }

  /** Loaded with its first use: reading Stripe's package would slow down the start of every isolate. */
  #client(): Promise<Stripe> {
    this.#loading ??= import('stripe').then(({ default: Client }) => {
      const { secretKey, apiUrl } = this.#config;
      return new Client(secretKey, {
        httpClient: Client.createFetchHttpClient(),
        timeout: this.#timeoutMs,
        // A repeat is for the caller to decide, who knows what was recorded.
        maxNetworkRetries: 0,
        telemetry: false,
        ...(apiUrl && addressOf(apiUrl)),
      });
    });
    return this.#loading;
  }
}

function addressOf(apiUrl: string) {
  const { hostname, port, protocol } = new URL(apiUrl);
  return { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' } as const;
}
