import type { OrderStatus } from '../../db/schema/orders.ts';
import type { Role } from '../../db/schema/users.ts';

/** What must hold of the order's lines, or of its past, beside the status itself. */
export type Condition =
  /** No line is pending or missing. */
  | 'ALL_FOUND'
  | 'SOME_MISSING'
  /** It is where the order was when it was delayed. */
  | 'WAS_BEFORE_DELAY';

export interface Move {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly roles: readonly Role[];
  /** Absent: both. */
  readonly fulfillment?: 'DELIVERY' | 'PICKUP';
  readonly when?: Condition;
}

const STAFF: readonly Role[] = ['EMPLOYEE', 'MANAGER', 'ADMIN'];
const MANAGERS: readonly Role[] = ['MANAGER', 'ADMIN'];

/** Nothing leads out of these. */
export const FINISHED: readonly OrderStatus[] = ['DELIVERED', 'CANCELED'];

const UNDER_WAY: readonly OrderStatus[] = ['CREATED', 'IN_PROGRESS', 'MISSING', 'READY', 'OUT_FOR_DELIVERY'];

/** The life of an order: every move there is, who may make it, and when. */
export const LIFECYCLE: readonly Move[] = [
  { from: 'CREATED', to: 'IN_PROGRESS', roles: STAFF },
  { from: 'IN_PROGRESS', to: 'READY', roles: STAFF, when: 'ALL_FOUND' },
  { from: 'IN_PROGRESS', to: 'MISSING', roles: STAFF, when: 'SOME_MISSING' },
  { from: 'MISSING', to: 'IN_PROGRESS', roles: MANAGERS },
  // A manager lets it go as it is: what is missing is refunded.
  { from: 'MISSING', to: 'READY', roles: MANAGERS },
  { from: 'READY', to: 'OUT_FOR_DELIVERY', roles: MANAGERS, fulfillment: 'DELIVERY' },
  { from: 'READY', to: 'DELIVERED', roles: MANAGERS, fulfillment: 'PICKUP' },
  { from: 'OUT_FOR_DELIVERY', to: 'DELIVERED', roles: MANAGERS },
  ...UNDER_WAY.map((from): Move => ({ from, to: 'DELAYED', roles: MANAGERS })),
  ...UNDER_WAY.map((to): Move => ({ from: 'DELAYED', to, roles: MANAGERS, when: 'WAS_BEFORE_DELAY' })),
  { from: 'CREATED', to: 'CANCELED', roles: ['CUSTOMER', ...MANAGERS] },
  ...UNDER_WAY.filter((from) => from !== 'CREATED').map((from): Move => ({ from, to: 'CANCELED', roles: MANAGERS })),
  { from: 'DELAYED', to: 'CANCELED', roles: MANAGERS },
];

export const movesOf = (role: Role): Move[] => LIFECYCLE.filter((move) => move.roles.includes(role));

/** Where the role may cancel. */
export const cancelableBy = (role: Role): OrderStatus[] =>
  movesOf(role)
    .filter((move) => move.to === 'CANCELED')
    .map((move) => move.from);
