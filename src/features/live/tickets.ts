import type { z } from 'zod';
import { shopName } from '../../config.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type Follower, type Place, placeName } from '../../live/place.ts';
import { sha256 } from '../../sha256.ts';
import { randomToken } from '../auth/passwords.ts';
import { beginFollowing } from './following.ts';
import { askRoom, roomOf } from './rooms.ts';
import type { TicketBody } from './schemas.ts';

const TICKET_MS = 60_000;

/** The place that a ticket was made for; the room of that place alone knows whether it is good. */
export const placeNameOf = (ticket: string): string => ticket.split('.', 1)[0] ?? '';

/** @throws AppError 404 when the caller does not see the order or branch */
export async function issueTicket(call: SignedInCall, { order_id, branch_id }: z.output<typeof TicketBody>) {
  const place: Place =
    order_id === undefined ? { kind: 'branch', id: branch_id ?? 0 } : { kind: 'order', id: order_id };
  const { userId, sessionId, role, keyHash } = call.user;
  const follower: Follower = { userId, sessionId, keyHash, isStaff: role !== 'CUSTOMER' };
  await call.batch([statement(beginFollowing(follower, place, call.requestId))]);
  const ticket = `${placeName(place)}.${randomToken()}`;
  const expiresAt = Date.now() + TICKET_MS;
  const home = { ...place, shop: shopName(call.config) };
  await askRoom(roomOf(call, place).issue(home, await sha256(ticket), { follower, expiresAt }));
  return { ticket, expires_at: new Date(expiresAt).toISOString() };
}
