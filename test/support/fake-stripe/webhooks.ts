import { createHmac } from 'node:crypto';

/** One delivery of an event: exactly the bytes and the header that were signed. */
export interface Delivery {
  event: string;
  type: string;
  body: string;
  signature: string;
  /** The statuses the endpoint answered with, in order; 0 where it could not be reached. */
  attempts: number[];
}

const waitsMs = [500, 2_000, 8_000];

/** `Stripe-Signature` over the body, made at `timestamp` (seconds). */
function signed(body: string, secret: string, timestamp: number): string {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return `t=${timestamp},v1=${signature}`;
}

/** Sends events to the endpoint of one account, and keeps what was sent. */
export class Webhooks {
  readonly secret: string;
  url: string | null = null;
  readonly deliveries: Delivery[] = [];
  readonly #underWay = new Set<Promise<void>>();

  constructor(secret: string) {
    this.secret = secret;
  }

  deliver(
    { id, type, json: body }: { id: string; type: string; json: string },
    options: { secret?: string; signedAt?: number } = {},
  ): Delivery {
    const timestamp = options.signedAt ?? Math.floor(Date.now() / 1_000);
    const signature = signed(body, options.secret ?? this.secret, timestamp);
    const delivery: Delivery = { event: id, type, body, signature, attempts: [] };
    this.deliveries.push(delivery);
    if (this.url !== null) this.#send(this.url, delivery);
    return delivery;
  }

  /** Waits until every first attempt has been answered. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #send(url: string, delivery: Delivery): void {
    const attempt = post(url, delivery).then((status) => {
      delivery.attempts.push(status);
      const wait = waitsMs[delivery.attempts.length - 1];
      if (status >= 200 && status < 300) return;
      if (wait !== undefined) setTimeout(() => this.#send(url, delivery), wait).unref();
    });
    this.#underWay.add(attempt);
    void attempt.finally(() => this.#underWay.delete(attempt));
  }
}

async function post(url: string, { body, signature }: Delivery): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signature,
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      body,
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
