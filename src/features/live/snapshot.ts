import { sql } from 'drizzle-orm';
import type { Language } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { Follower, Place } from '../../live/place.ts';
import { floorPage, staffOrder } from '../ops/queries.ts';
import { urgencyOf } from '../ops/urgency.ts';
import { orderById } from '../orders/queries.ts';
import { proposalsOf } from '../substitutions/queries.ts';
import { FloorSnapshot, OrderSnapshot, StaffOrderSnapshot } from './schemas.ts';

/** The most orders of a floor: those after them are far from due. */
const FLOOR_ORDERS = 100;

/** The statements that read the state of a place, and what makes the snapshot of their rows. */
interface Snapshot {
  readonly statements: readonly Statement[];
  readonly read: (rows: readonly unknown[][]) => unknown;
}

/** The whole state of a place, as the reads of the API show it to this follower. */
export function snapshotOf(
  { kind, id }: Place,
  { isStaff }: Follower,
  timeZone: string,
  language: Language | undefined,
): Snapshot {
  if (kind === 'branch') {
    const [orders] = floorPage({ branch_id: id, limit: FLOOR_ORDERS, offset: 0 }, timeZone, language);
    return {
      statements: [orders],
      read: ([rows = []]) => FloorSnapshot.parse({ orders: rows.map(withUrgency) }),
    };
  }
  const schema = isStaff ? StaffOrderSnapshot : OrderSnapshot;
  return {
    statements: [
      statement(sql`select settle_proposals(${id})`),
      isStaff ? staffOrder(id, language) : orderById(id, language),
      proposalsOf(id, language),
    ],
    read: ([, orders, proposals]) => schema.parse({ order: orders?.[0], proposals }),
  };
}

const withUrgency = (row: unknown): unknown => {
  if (typeof row !== 'object' || row === null || !('urgency_rank' in row)) return row;
  return { ...row, urgency: urgencyOf(Number(row.urgency_rank)) };
};
