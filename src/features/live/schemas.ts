import * as z from 'zod';
import { Id, IdText, Instant, optional } from '../../http/fields.ts';
import { Position, ShopEvent } from '../events/schemas.ts';
import { FloorOrder, StaffOrder } from '../ops/schemas.ts';
import { Order } from '../orders/schemas.ts';
import { Proposal } from '../substitutions/schemas.ts';

export const TicketBody = z
  .strictObject({ order_id: optional(Id), branch_id: optional(Id) })
  .refine(({ order_id, branch_id }) => (order_id === undefined) !== (branch_id === undefined), {
    message: 'must have either order_id or branch_id',
  })
  .meta({ id: 'LiveTicketBody', example: { order_id: 17 } });

export const Ticket = z
  .object({
    ticket: z.string().meta({ example: 'order-17.mJ3vT0dX5b1kZq8yWn2sUe7rPaLcHgVf4oI6tR9xKQw' }),
    expires_at: Instant,
  })
  .meta({ id: 'LiveTicket' });

const Connection = z.object({
  ticket: z.string().max(100).meta({ description: 'Of `POST /live/tickets`: works once, for 60 seconds.' }),
  last_event: Position.optional().meta({
    description: 'The position of the last message received: what came behind it is sent first.',
  }),
});
export const OrderConnection = Connection;
export const FloorConnection = Connection.extend({ branch_id: IdText });

export const OrderSnapshot = z.object({ order: Order, proposals: z.array(Proposal) });
export const StaffOrderSnapshot = z.object({ order: StaffOrder, proposals: z.array(Proposal) });
export const FloorSnapshot = z.object({ orders: z.array(FloorOrder) });

/** What comes through the socket. */
export const LiveMessage = z
  .union([
    ShopEvent,
    z
      .object({
        type: z.literal('snapshot'),
        position: Position,
        data: z.union([OrderSnapshot, StaffOrderSnapshot, FloorSnapshot]),
      })
      .meta({ id: 'LiveSnapshot' }),
  ])
  .meta({ id: 'LiveMessage' });
