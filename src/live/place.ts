/** What can be followed: one order, or the floor of a branch. */
export interface Place {
  readonly kind: 'order' | 'branch';
  readonly id: number;
}

/** A name that says it, such as `order-17`. */
export const placeName = ({ kind, id }: Place): string => `${kind}-${id}`;

/** The arguments of the database's functions for it. */
export const placeIds = ({ kind, id }: Place): { orderId: number | null; branchId: number | null } =>
  kind === 'order' ? { orderId: id, branchId: null } : { orderId: null, branchId: id };

/** Who follows, as the ticket says. Only the database knows whether they still may. */
export interface Follower {
  readonly userId: number;
  readonly sessionId: number;
  readonly keyHash?: string | undefined;
  readonly isStaff: boolean;
}

/** The close code of a socket whose session, key or right to see this has ended. */
export const ACCESS_ENDED = 4401;

/** The header by which a room tells the Worker who has come in. */
export const MEMBER_HEADER = 'x-live-member';
