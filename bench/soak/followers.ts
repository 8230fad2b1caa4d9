import { setTimeout as sleep } from 'node:timers/promises';
import { type LiveMessage, live } from '../../client/src/live.ts';
import type { ReceivedDelivery } from '../../test/support/fake-receiver.ts';
import { Caller, chance, type Figures, pause } from './caller.ts';
import type { Action, ConfirmedOrder } from './people.ts';
import { API, type Stage } from './stage.ts';

/** What somebody who follows an order has in the end. */
interface Followed {
  readonly orderId: number;
  status: string;
  readonly lines: Map<number, string>;
  /** Of the snapshot, and of all events behind it. */
  readonly positions: string[];
  readonly stop: () => void;
}

interface Message extends LiveMessage {
  data: {
    order?: { status: string; items: { id: number; picked_status: string }[] };
    status?: string;
    item_id?: number;
    picked_status?: string;
  };
}

const MOST_FOLLOWED = 100;
const PATH = '/hooks/soak';
const WANTED = ['order.*', 'payment.*', 'claim.*'];
const PATIENCE_MS = 60_000;

/** Screens that follow orders by the client's `live()`, and a receiver of webhooks that is out of order now and then. */
export class Followers {
  readonly #followed: Followed[] = [];
  readonly #stage: Stage;
  readonly #figures: Figures;
  readonly #staff: Caller;

  constructor(stage: Stage, figures: Figures) {
    this.#stage = stage;
    this.#figures = figures;
    this.#staff = new Caller('admin@soak.local', figures);
  }

  /** Follows the next confirmed order. */
  async start(confirmed: ConfirmedOrder[]): Promise<Action[]> {
    await this.#staff.signIn();
    const url = this.#stage.receiver.url + PATH;
    const { status } = await this.#staff.call('POST', '/admin/webhooks', { url, events: WANTED });
    if (status !== 201) throw new Error(`The webhook was answered with ${status}.`);
    const follow = async () => {
      const next = this.#followed.length < MOST_FOLLOWED ? confirmed[this.#followed.length] : undefined;
      if (next) this.#followed.push(this.#follow(next.orderId));
      await pause(100);
    };
    const failNowAndThen = async () => {
      await this.#answer(chance(0.3) ? 500 : 200);
      await pause(1_500);
    };
    return [follow, failNowAndThen];
  }

  #follow(orderId: number): Followed {
    this.#figures.count('orders followed');
    const staff = this.#staff;
    const stop = live<Message>({
      ticket: async () => {
        const { data, status } = await staff.call<{ ticket: string }>('POST', '/live/tickets', { order_id: orderId });
        if (!data) throw Object.assign(new Error('no ticket'), { status });
        return data.ticket;
      },
      url: `${API.replace('http', 'ws')}/orders/${orderId}/live`,
      poll: async (after) => {
        const query = after === undefined ? '' : `?after=${after}`;
        return (await staff.call<Message[]>('GET', `/orders/${orderId}/events${query}`)).data ?? [];
      },
      onMessage: (message) => take(followed, message),
      onState: (state) => this.#figures.count(`live connections ${state}`),
    });
    const followed: Followed = { orderId, status: '', lines: new Map(), positions: [], stop };
    return followed;
  }

  /** @returns what differs from the database, or has not come; empty when nothing has */
  async problems(): Promise<Record<string, unknown>> {
    await this.#answer(200);
    let found: Record<string, unknown> = {};
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(1_000)) {
      await this.#stage.owner.query(`update webhook_deliveries set next_attempt_at = now() where status = 'PENDING'`);
      await this.#stage.scheduled('*/5 * * * *');
      const late = (await Promise.all(this.#followed.map((one) => this.#difference(one)))).filter(Boolean);
      const webhooks = await this.#webhookProblems();
      found = { ...(late.length > 0 && { 'screens that differ from the database': late }), ...webhooks };
      if (Object.keys(found).length === 0) break;
    }
    for (const { stop } of this.#followed) stop();
    return found;
  }

  async #difference({ orderId, status, lines, positions }: Followed): Promise<object | undefined> {
    const { rows } = await this.#stage.owner.query(
      `select o.status, (select json_object_agg(id, picked_status) from order_items where order_id = o.id) as lines,
         (select array_agg(position order by xid, number) from settled_events e join
           (select split_part($2, '-', 1)::xid8 as first_xid, split_part($2, '-', 2)::bigint as first) f on true
           where e.order_id = o.id and (e.xid, e.number) > (f.first_xid, f.first)) as positions
       from orders o where o.id = $1`,
      [orderId, positions[0] ?? '0-0'],
    );
    const there = { status: rows[0].status, lines: rows[0].lines, positions: rows[0].positions ?? [] };
    const here = { status, lines: Object.fromEntries(lines), positions: positions.slice(1) };
    return sorted(here) === sorted(there) ? undefined : { orderId, here, there };
  }

  async #webhookProblems(): Promise<Record<string, unknown>> {
    const seen = (await (await fetch(`${this.#stage.receiver.url}/seen/soak`)).json()) as ReceivedDelivery[];
    const ids = new Set(seen.map(({ headers }) => headers['webhook-id']));
    this.#figures.counts['webhooks received'] = seen.length;
    const { rows } = await this.#stage.owner.query<{ id: string }>(
      `select 'evt_' || e.id as id from events e join webhooks w on e.xid > w.since
       where split_part(e.type, '.', 1) || '.*' = any (w.events)`,
    );
    const lost = rows.filter(({ id }) => !ids.has(id));
    const unstable = seen.filter(({ headers, body }) => headers['webhook-id'] !== `evt_${JSON.parse(body).id}`);
    return {
      ...(lost.length > 0 && { 'events that no webhook brought': lost.map(({ id }) => id) }),
      ...(unstable.length > 0 && { 'webhooks under the id of another event': unstable }),
    };
  }

  async #answer(status: number): Promise<void> {
    await fetch(`${this.#stage.receiver.url}/scripts/soak`, { method: 'POST', body: JSON.stringify({ status }) });
  }
}

function take(followed: Followed, { type, position, data }: Message): void {
  if (data.order) followed.positions.length = 0;
  followed.positions.push(position);
  for (const item of data.order?.items ?? []) followed.lines.set(item.id, item.picked_status);
  if (data.order) followed.status = data.order.status;
  else if (type === 'order.item_changed') followed.lines.set(data.item_id ?? 0, data.picked_status ?? '');
  else if (type.startsWith('order.') && type !== 'order.proposal_changed' && data.status) followed.status = data.status;
}

const sorted = ({ status, lines, positions }: { status: string; lines: object; positions: string[] }): string =>
  JSON.stringify([status, Object.entries(lines).toSorted(([one], [other]) => Number(one) - Number(other)), positions]);
