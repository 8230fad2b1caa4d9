import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, statement } from '../../db/statement.ts';
import type { Call, SignedInCall } from '../../http/context.ts';
import { isVisible } from './product.ts';
import type { Review, ReviewBody } from './schemas.ts';

type ReviewRow = z.input<typeof Review>;

const productGuard = (productId: number) =>
  guard(sql`exists (select from products p where p.id = ${productId} and ${isVisible})`, 'PRODUCT_NOT_FOUND');

/** First name and initial, so that a reviewer cannot be identified. */
const author = sql`concat_ws(' ', split_part(u.full_name, ' ', 1),
  left(nullif(split_part(u.full_name, ' ', -1), u.full_name), 1) || '.')`;

const reviewColumns = sql`r.id, r.rating, r.title, r.body, ${author} as author, r.verified_purchase, r.created_at`;

/** The products whose reviews show this user's name, as an array. */
export const reviewedBy = (userId: number): SQL => sql`array(select product_id from reviews where user_id = ${userId})`;

export async function reviewsOf(call: Call, productId: number, { limit, offset }: { limit: number; offset: number }) {
  const [, items, [count]] = await call.batch([
    productGuard(productId),
    statement<ReviewRow>(sql`
      select ${reviewColumns} from reviews r join users u on u.id = r.user_id
      where r.product_id = ${productId} order by r.created_at desc, r.id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select rating_count as total from products where id = ${productId}`),
  ]);
  return { items, total: count?.total ?? 0, limit, offset };
}

/** One review per customer and product: a later one replaces the first and counts as new. */
export async function postReview(
  call: SignedInCall,
  productId: number,
  { rating, title, body }: z.output<typeof ReviewBody>,
): Promise<ReviewRow> {
  const wasReceived = sql`exists (
    select from orders o join order_items i on i.order_id = o.id
    where o.user_id = ${call.user.userId} and o.placed_at is not null and o.status = 'DELIVERED'
      and (i.replacement_product_id = ${productId}
        or i.product_id = ${productId} and i.picked_status not in ('MISSING', 'REPLACED')))`;
  const [, [review]] = await call.batch([
    productGuard(productId),
    statement<ReviewRow>(sql`
      with r as (
        insert into reviews (product_id, user_id, rating, title, body, verified_purchase)
        values (${productId}, ${call.user.userId}, ${rating}, ${title || null}, ${body || null}, ${wasReceived})
        on conflict (product_id, user_id) do update
          set rating = excluded.rating, title = excluded.title, body = excluded.body,
              verified_purchase = excluded.verified_purchase, created_at = now(), updated_at = now()
        returning *
      )
      select ${reviewColumns} from r join users u on u.id = r.user_id`),
  ]);
  if (!review) throw new Error('Writing a review returned no row');
  call.productsChanged([productId]);
  return review;
}
