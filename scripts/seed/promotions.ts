import type { Client } from 'pg';
import { DAY, type LocalTime, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import type { Order, OrderLine } from './orders.ts';
import type { Shop } from './shop.ts';

const OPENING_WEEKS = { id: 1, name: 'Opening weeks: 5% off', percent: 5 };
const openingEndsAt = (openedAt: LocalTime) => openedAt + 44 * DAY;

export const discountPercentAt = ({ openedAt }: Shop, placedAt: LocalTime): number =>
  placedAt < openingEndsAt(openedAt) ? OPENING_WEEKS.percent : 0;

/** In agorot: what promotions took off a line. */
export const discountOf = ({ discountPercent }: Order, { product, quantity }: OrderLine): number =>
  Math.round((product.price * quantity * discountPercent) / 100);

/**
 * A promotion that has ended, with the orders that used it, and what a demo may try: coupons, a price for members, one that is
 * switched off. None that runs applies by itself to everybody: a basket costs what its products cost.
 */
export async function insertPromotions(client: Client, { openedAt, products }: Shop): Promise<void> {
  const since = { created_at: timestampText(openedAt), updated_at: timestampText(openedAt), priority: 0, used: 0 };
  const none = { value: null, take: null, pay: null, code: null, ends_at: null, product_ids: null, tiers: null };
  const rows: Row[] = [
    { kind: 'PERCENT', value: '5.00', ends_at: timestampText(openingEndsAt(openedAt)) },
    {
      name: 'Ten percent for new customers',
      kind: 'COUPON_PERCENT',
      value: '10.00',
      code: 'WELCOME10',
      limit_per_customer: 1,
    },
    {
      name: 'Twenty off',
      kind: 'COUPON_FIXED',
      value: '20.00',
      code: 'MAMI20',
      minimum_total: '150.00',
      limit_total: 500,
    },
    { name: 'We bring it', kind: 'FREE_DELIVERY', code: 'BRINGIT' },
    {
      name: 'Gold members pay less',
      kind: 'MEMBER_PRICE',
      value: ((products[0]?.price ?? 1000) / 100 - 0.5).toFixed(2),
      product_ids: `{${products[0]?.id ?? 1}}`,
      tiers: '{GOLD}',
    },
    { name: 'Three for two', kind: 'MULTI_BUY', take: 3, pay: 2, is_active: false },
  ];
  await insertRows(
    client,
    'promotions',
    rows.map((row, index) => ({
      id: index + 1,
      name: OPENING_WEEKS.name,
      minimum_total: null,
      limit_total: null,
      limit_per_customer: null,
      is_active: true,
      ...none,
      ...since,
      ...row,
    })),
  );
}

/** What the orders of the opening weeks saved; a canceled one has given it back. */
export async function insertOrderDiscounts(client: Client): Promise<void> {
  await client.query(
    `insert into order_discounts (id, order_id, promotion_id, user_id, name, amount, position, released_at, created_at)
     select row_number() over (order by o.placed_at, o.id), o.id, $1, o.user_id, $2, sum(i.discount), 1, o.canceled_at, o.created_at
     from orders o join order_items i on i.order_id = o.id group by o.id having sum(i.discount) > 0`,
    [OPENING_WEEKS.id, OPENING_WEEKS.name],
  );
}
