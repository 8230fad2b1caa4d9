import type { Client } from 'pg';
import type { Shop } from './shop.ts';

interface Delivered {
  order_id: number;
  user_id: number;
  item_id: number;
  quantity: number;
  unit_price: string;
  delivered_at: string;
}

/** Hours after the delivery at which something happened. */
type Hours = number;

interface Refund {
  amount: string;
  /** Of the amount, as store credit. */
  credit?: string;
  reason: 'STAFF' | 'CLAIM';
  after: Hours;
  units?: number;
}

const ADMIN = `(select min(id) from users where role = 'ADMIN')`;

/**
 * Store credit, refunds by staff and claims in each of their states, about delivered orders that nothing was refunded of: the demo
 * customer's first, the latest first.
 */
export async function insertPayingBack(client: Client, shop: Shop): Promise<void> {
  const demo = shop.customers.find(({ isDemo }) => isDemo)?.id;
  const { rows: orders } = await client.query<Delivered>(
    `select o.id as order_id, o.user_id, i.id as item_id, i.quantity, i.unit_price + coalesce(i.deposit, 0) as unit_price, o.delivered_at
     from orders o
     join lateral (
       select * from order_items l where l.order_id = o.id and l.picked_status = 'PICKED' and l.quantity > 1 order by l.id limit 1
     ) i on true
     where o.status = 'DELIVERED' and o.delivered_at < now() - interval '10 hours' and o.total_amount > 60
       and not exists (select from refunds r where r.order_id = o.id)
     order by o.user_id <> $1, o.delivered_at desc limit 16`,
    [demo],
  );
  const books = new Books(client, shop.managerId);
  const next = () => {
    const order = orders.shift();
    if (!order) throw new Error('Too few delivered orders to pay back');
    return order;
  };
  await insertCredit(books, next);
  await insertClaims(books, next);
  await insertStaffRefunds(books, next);
  await books.writeInOrder();
}

async function insertCredit(books: Books, next: () => Delivered): Promise<void> {
  const spent = next();
  await books.credit(spent, 50, 'GRANT', 'Sorry for the late delivery', -72);
  await books.spend(spent, 35);
  const twice = next();
  await books.credit(twice, 20, 'GRANT', 'A welcome gift', -30);
  await books.credit(twice, -20, 'TAKEN_BACK', 'Given to the wrong account', -29);
}

async function insertClaims(books: Books, next: () => Delivered): Promise<void> {
  await books.claim(next(), { problem: 'DAMAGED', note: 'The bottle leaked over everything', status: 'OPEN' });
  await books.claim(next(), { problem: 'MISSING', status: 'APPROVED' });
  await books.claim(next(), { problem: 'EXPIRED', status: 'APPROVED', wanted: 'CREDIT', automatic: true });
  await books.claim(next(), { problem: 'WRONG', status: 'DENIED', reply: 'It is what was ordered.' });
  await books.claim(next(), { problem: 'DAMAGED', status: 'PARTLY_APPROVED', reply: 'One of them was fine.' });
}

async function insertStaffRefunds(books: Books, next: () => Delivered): Promise<void> {
  await books.staffRefund(next(), { amount: '12.00', reason: 'The courier was an hour late', status: 'APPROVED' });
  await books.staffRefund(next(), {
    amount: '25.00',
    reason: 'Bags were torn',
    status: 'APPROVED',
    to: 'CREDIT',
    second: true,
  });
  await books.staffRefund(next(), { amount: '40.00', reason: 'Customer is unhappy', status: 'REJECTED', second: true });
  await books.staffRefund(next(), { amount: '55.00', reason: 'Frozen goods had thawed', status: 'PENDING' });
}

interface Claim {
  problem: string;
  note?: string;
  status: 'OPEN' | 'APPROVED' | 'PARTLY_APPROVED' | 'DENIED';
  wanted?: 'REFUND' | 'CREDIT';
  automatic?: true;
  reply?: string;
}

interface StaffRefund {
  amount: string;
  reason: string;
  status: 'PENDING' | 'APPROVED' | 'REJECTED';
  to?: 'CREDIT';
  /** A second manager decided it. */
  second?: true;
}

/** Writes what the functions of the database would have written, at the time of its happening. */
class Books {
  readonly #client: Client;
  readonly #managerId: number;

  constructor(client: Client, managerId: number) {
    this.#client = client;
    this.#managerId = managerId;
  }

  async credit(order: Delivered, amount: number, kind: string, reason: string, after: Hours): Promise<void> {
    await this.#client.query(
      `insert into credit_entries (user_id, currency, amount, kind, reason, actor_user_id, created_at)
       values ($1, 'ILS', $2, $3, $4, $5, $6::timestamptz + make_interval(hours => $7))`,
      [order.user_id, amount, kind, reason, this.#managerId, order.delivered_at, after],
    );
  }

  /** Credit paid a part of the order. */
  async spend(order: Delivered, amount: number): Promise<void> {
    await this.#client.query(`update payments set amount = amount - $2, credit_amount = $2 where order_id = $1`, [
      order.order_id,
      amount,
    ]);
    await this.#client.query(
      `insert into credit_entries (user_id, currency, amount, kind, order_id, actor_user_id, created_at)
       select $1, 'ILS', -$2::numeric, 'SPENT', id, $1, created_at from orders where id = $3`,
      [order.user_id, amount, order.order_id],
    );
  }

  async refund(order: Delivered, { amount, credit = '0.00', reason, after, units }: Refund): Promise<number> {
    const { rows } = await this.#client.query<{ id: number }>(
      `insert into refunds (id, order_id, payment_id, amount, credit_amount, reason, status, reference, attempts,
                            next_attempt_at, created_at, settled_at)
       select (select max(id) + 1 from refunds), p.order_id, p.id, $2, $3, $4, 'SUCCEEDED',
         case when $2::numeric > $3::numeric then 'mockpay_refund_of_' || p.order_id end, 1, at, at, at
       from payments p cross join (select $5::timestamptz + make_interval(hours => $6) as at) moment
       where p.order_id = $1 returning id`,
      [order.order_id, amount, credit, reason, order.delivered_at, after],
    );
    const id = rows[0]?.id ?? 0;
    if (units) {
      await this.#client.query(
        `insert into refund_lines (refund_id, order_item_id, quantity, amount, created_at)
         select $1, $2, $3, $4, $5::timestamptz + make_interval(hours => $6)`,
        [id, order.item_id, units, amount, order.delivered_at, after],
      );
    }
    return id;
  }

  async claim(order: Delivered, { problem, note, status, wanted = 'REFUND', automatic, reply }: Claim): Promise<void> {
    const isOpen = status === 'OPEN';
    const approved = { OPEN: 0, DENIED: 0, APPROVED: order.quantity, PARTLY_APPROVED: order.quantity - 1 }[status];
    const worth = (units: number) => (Number(order.unit_price) * units).toFixed(2);
    const refund: Refund = { amount: worth(approved), reason: 'CLAIM', after: automatic ? 2 : 6, units: approved };
    if (wanted === 'CREDIT') refund.credit = refund.amount;
    const refundId = approved > 0 ? await this.refund(order, refund) : null;
    const { rows } = await this.#client.query<{ id: number }>(
      `insert into claims (order_id, user_id, wanted, status, amount, approved_amount, is_automatic, note, refund_id, decided_by,
                           decided_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
         case when $4 <> 'OPEN' then $11::timestamptz + make_interval(hours => $12) end,
         $11::timestamptz + interval '2 hours') returning id`,
      [
        order.order_id,
        order.user_id,
        wanted,
        status,
        worth(order.quantity),
        isOpen ? null : worth(approved),
        automatic ?? false,
        reply ?? null,
        refundId,
        isOpen || automatic ? null : this.#managerId,
        order.delivered_at,
        refund.after,
      ],
    );
    await this.#client.query(
      `insert into claim_items (claim_id, order_item_id, quantity, problem, note, approved_quantity, created_at)
       values ($1, $2, $3, $4, $5, $6, $7::timestamptz + interval '2 hours')`,
      [rows[0]?.id, order.item_id, order.quantity, problem, note ?? null, isOpen ? null : approved, order.delivered_at],
    );
  }

  async staffRefund(order: Delivered, { amount, reason, status, to, second }: StaffRefund): Promise<void> {
    const refund: Refund = { amount, reason: 'STAFF', after: second ? 5 : 3 };
    if (to === 'CREDIT') refund.credit = amount;
    const refundId = status === 'APPROVED' ? await this.refund(order, refund) : null;
    await this.#client.query(
      `insert into refund_requests (order_id, amount, target, reason, status, refund_id, requested_by, decided_by, decided_at, created_at)
       select $1, $2, $3, $4, $5, $6, $7, case when $8 then ${ADMIN} end,
         case when $8 then $9::timestamptz + interval '5 hours' end, $9::timestamptz + interval '3 hours'`,
      [
        order.order_id,
        amount,
        to ?? null,
        reason,
        status,
        refundId,
        this.#managerId,
        second ?? false,
        order.delivered_at,
      ],
    );
  }

  /** The ledger once more in the order of time: what refunds added is as old as they are. */
  async writeInOrder(): Promise<void> {
    await this.#client.query(`
      alter table credit_entries disable trigger append_only;
      update credit_entries e set created_at = r.created_at from refunds r where r.id = e.refund_id;
      delete from credit_accounts;
      with written as (delete from credit_entries returning *)
      insert into credit_entries (user_id, currency, amount, kind, reason, order_id, refund_id, actor_user_id, created_at)
        select user_id, currency, amount, kind, reason, order_id, refund_id, actor_user_id, created_at
        from written order by created_at, id;
      alter table credit_entries enable trigger append_only`);
  }
}
