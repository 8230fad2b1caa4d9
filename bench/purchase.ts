import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import type { Customer } from './customers.ts';
import { type Booking, type Job, type Measured, summary } from './job.ts';
import type { Site } from './site.ts';

type PurchaseJob = Extract<Job, { kind: 'purchase' }>;

interface Question {
  path: string;
  body: object;
  headers?: Record<string, string>;
}

interface Answer {
  status: number;
  body: string;
}

/** Milliseconds of successful requests by step; `whole` is the sum of all three. */
type Times = Record<'whole' | 'add' | 'preview' | 'confirm', number[]>;

/** What the customers of a site buy, and the slots they book: of four weeks, so that each gets a realistic number of orders. */
export async function purchasesOf(site: Site): Promise<Omit<PurchaseJob, 'customers' | 'seconds'>> {
  const products = await site.ask<{ id: number }>('select id from products where is_active order by id limit 1000');
  const slots = await site.ask<Booking>(`
    select id as "slotId",
      (current_date + (day_of_week - extract(dow from current_date)::int + 7) % 7 + 7 * week)::text as date
    from delivery_slots cross join generate_series(1, 4) week where branch_id = 1`);
  return { kind: 'purchase', url: site.api.warm, products: products.map(({ id }) => id), slots };
}

/** Each customer buys repeatedly on their own connection. */
export async function purchase(job: PurchaseJob): Promise<Measured> {
  const { url, customers, seconds } = job;
  const times: Times = { whole: [], add: [], preview: [], confirm: [] };
  const refusals: Answer[] = [];
  const started = performance.now();
  let ended = started;
  const report = (stamps: number[], refusal: Answer | undefined) => {
    if (refusal) return refusals.push(refusal);
    const [start = 0, added = 0, previewed = 0, confirmed = 0] = stamps;
    times.whole.push(confirmed - start);
    times.add.push(added - start);
    times.preview.push(previewed - added);
    times.confirm.push(confirmed - previewed);
    ended = confirmed;
  };
  let turn = 0;
  const { errors } = await autocannon({
    url,
    connections: customers.length,
    // An upper limit: the customers stop by themselves.
    duration: seconds + 30,
    sampleInt: 100,
    setupClient: (connection) => {
      const customer = customers[turn++] as Customer;
      converse(connection, customer.token, shop(job, customer, started + seconds * 1000, report));
    },
  });
  const { whole, ...steps } = times;
  return {
    done: whole.length,
    failed: refusals.length + errors,
    perSecond: Math.round((whole.length / Math.max(1, ended - started)) * 1000),
    ...summary(whole),
    steps: Object.fromEntries(Object.entries(steps).map(([step, latencies]) => [step, summary(latencies)])),
    ...(refusals[0] && { failure: `${refusals[0].status} ${refusals[0].body}` }),
  };
}

/** A purchase that was started is finished: an interrupted checkout would leave the cart locked. */
function* shop(
  { products, slots }: PurchaseJob,
  { cardId }: Customer,
  end: number,
  report: (stamps: number[], refusal: Answer | undefined) => void,
): Generator<Question, void, Answer> {
  while (performance.now() < end) {
    const stamps = [performance.now()];
    const added = yield { path: '/cart/items', body: { product_id: anyOf(products), quantity: 1 } };
    stamps.push(performance.now());
    const cartId = added.status < 300 ? JSON.parse(added.body).data.id : undefined;
    const slot = anyOf(slots);
    const terms = {
      cart_id: cartId,
      fulfillment_type: 'DELIVERY',
      delivery_slot_id: slot?.slotId,
      delivery_date: slot?.date,
    };
    const previewed = yield { path: '/checkout/preview', body: terms };
    stamps.push(performance.now());
    const key = { 'idempotency-key': randomUUID() };
    const confirmed = yield { path: '/checkout/confirm', body: { ...terms, payment_token_id: cardId }, headers: key };
    stamps.push(performance.now());
    report(
      stamps,
      [added, previewed, confirmed].find(({ status }) => status >= 300),
    );
  }
}

/** Sends requests one after another on one connection and closes it after the last. */
function converse(connection: autocannon.Client, token: string, questions: Generator<Question, void, Answer>): void {
  const limited = connection as autocannon.Client & { reqsMade: number; responseMax: number };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let current = questions.next();
  const asked = (request: autocannon.Request) =>
    current.done
      ? request
      : {
          ...request,
          path: `/api/v1${current.value.path}`,
          headers: { ...headers, ...current.value.headers },
          body: JSON.stringify(current.value.body),
        };
  const onResponse = (status: number, body: string) => {
    current = questions.next({ status, body });
    // There is no other way to end a single connection gracefully.
    if (current.done) limited.responseMax = limited.reqsMade;
  };
  connection.setRequests([{ method: 'POST', setupRequest: asked, onResponse }]);
}

const anyOf = <T>(choices: T[]) => choices[Math.floor(Math.random() * choices.length)];
