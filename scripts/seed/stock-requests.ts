import type { Client } from 'pg';
import { DAY, HOUR, type LocalTime, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { type Shop, WAREHOUSE_ID } from './shop.ts';

type Outcome = { status: 'PENDING' } | { status: 'APPROVED' } | { status: 'REJECTED'; why: string };

const wishes: { daysAgo: number; type: string; quantity: number; reason: string; outcome: Outcome }[] = [
  { daysAgo: 12, type: 'ADD_QUANTITY', quantity: 24, reason: 'Holiday demand', outcome: { status: 'APPROVED' } },
  {
    daysAgo: 9,
    type: 'SET_QUANTITY',
    quantity: 200,
    reason: 'Shelf looks empty in the evening',
    outcome: { status: 'REJECTED', why: 'There is no room for 200 on that shelf.' },
  },
  { daysAgo: 6, type: 'ADD_QUANTITY', quantity: 36, reason: 'On sale next week', outcome: { status: 'APPROVED' } },
  {
    daysAgo: 5,
    type: 'ADD_QUANTITY',
    quantity: 60,
    reason: 'Customers ask for it',
    outcome: { status: 'REJECTED', why: 'A delivery is on its way already.' },
  },
  { daysAgo: 3, type: 'ADD_QUANTITY', quantity: 12, reason: 'Sold out twice', outcome: { status: 'APPROVED' } },
  { daysAgo: 2, type: 'ADD_QUANTITY', quantity: 30, reason: 'Weekend', outcome: { status: 'PENDING' } },
  { daysAgo: 1, type: 'SET_QUANTITY', quantity: 40, reason: 'Counted 40 in the back', outcome: { status: 'PENDING' } },
  { daysAgo: 1, type: 'ADD_QUANTITY', quantity: 18, reason: 'Running low', outcome: { status: 'PENDING' } },
];

/** Stock requests by employees; approved ones enter the ledger at their review. */
export function makeStockRequests(shop: Shop, ledger: Ledger, random: Random, now: LocalTime): Row[] {
  const branchShelves = ledger.shelves.filter((shelf) => shelf.branchId !== WAREHOUSE_ID);
  return wishes.map(({ daysAgo, type, quantity, reason, outcome }, index) => {
    const { branchId, productId } = random.pick(branchShelves);
    const askedAt = now - daysAgo * DAY - random.integer(0, 60) * 60;
    const reviewedAt = askedAt + 5 * HOUR;
    const isReviewed = outcome.status !== 'PENDING';
    const id = index + 1;
    if (outcome.status === 'APPROVED') {
      const movement = { branchId, productId, delta: quantity, reason: 'STOCK_REQUEST', at: reviewedAt };
      ledger.giveBack({ ...movement, stockRequestId: id, actorId: shop.managerId });
    }
    return {
      id,
      branch_id: branchId,
      product_id: productId,
      quantity,
      request_type: type,
      status: outcome.status,
      reason,
      approved_quantity: outcome.status === 'APPROVED' ? quantity : null,
      rejection_reason: outcome.status === 'REJECTED' ? outcome.why : null,
      actor_user_id: shop.employeeIds[index % shop.employeeIds.length],
      reviewed_by: isReviewed ? shop.managerId : null,
      reviewed_at: isReviewed ? timestampText(reviewedAt) : null,
      created_at: timestampText(askedAt),
    };
  });
}

export async function insertStockRequests(client: Client, rows: Row[]): Promise<void> {
  await insertRows(client, 'stock_requests', rows);
}
