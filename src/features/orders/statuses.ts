import type { FulfillmentType, Role } from '../../db/schema/words.ts';

/**
 * Everything that depends on an order status, in one place: whether it is final, its moves, the effect of entering it, and its
 * texts for customers. The CHECK constraints, the partial indexes and the queries derive from this table.
 */

/** A condition on the order's lines or history that a move requires. */
type Condition =
  /** No line is pending or missing. */
  | 'ALL_FOUND'
  | 'SOME_MISSING'
  /** The target is the status that the order had before it was delayed. */
  | 'WAS_BEFORE_DELAY';

/** In the order of the API documentation. */
export const ORDER_STATUSES = [
  'CREATED',
  'IN_PROGRESS',
  'READY',
  'OUT_FOR_DELIVERY',
  'DELIVERED',
  'CANCELED',
  'DELAYED',
  'MISSING',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** A move out of a status. */
interface Exit {
  readonly to: OrderStatus;
  readonly roles: readonly Role[];
  /** Absent: both fulfillment types. */
  readonly fulfillment?: FulfillmentType;
  readonly when?: Condition;
}

export interface Wording {
  title: string;
  body: string;
}

interface StatusFacts {
  /** No moves lead out of it. */
  readonly isFinished: boolean;
  readonly exits: readonly Exit[];
  /** The effect of entering it besides the status change; see `entering` in `ops/commands/move.ts`. */
  readonly effect?: 'CANCEL' | 'SETTLE_PICKING';
  /** Whether the customer gets an email; every status sends a notification. */
  readonly isMailed: boolean;
  /** The sentence of the email after "Your order MS-1 ". */
  readonly mail: string;
  /** Title and body of the notification; `order` is "order MS-1". */
  readonly notification: (order: string, fulfillment: FulfillmentType) => Wording;
}

const STAFF: readonly Role[] = ['EMPLOYEE', 'MANAGER', 'ADMIN'];
const MANAGERS: readonly Role[] = ['MANAGER', 'ADMIN'];

const DELAY: Exit = { to: 'DELAYED', roles: MANAGERS };
const CANCEL: Exit = { to: 'CANCELED', roles: MANAGERS };
const resume = (to: OrderStatus): Exit => ({ to, roles: MANAGERS, when: 'WAS_BEFORE_DELAY' });
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const STATUSES: Readonly<Record<OrderStatus, StatusFacts>> = {
  CREATED: {
    isFinished: false,
    exits: [{ to: 'IN_PROGRESS', roles: STAFF }, DELAY, { to: 'CANCELED', roles: ['CUSTOMER', ...MANAGERS] }],
    isMailed: false,
    mail: 'has been received',
    notification: (order) => ({
      title: 'Order received',
      body: `Thank you. We have received ${order} and will start on it soon.`,
    }),
  },
  IN_PROGRESS: {
    isFinished: false,
    exits: [
      { to: 'READY', roles: STAFF, when: 'ALL_FOUND' },
      { to: 'MISSING', roles: STAFF, when: 'SOME_MISSING' },
      DELAY,
      CANCEL,
    ],
    isMailed: false,
    mail: 'is being picked',
    notification: (order) => ({ title: 'Order being prepared', body: `We are putting ${order} together.` }),
  },
  READY: {
    isFinished: false,
    exits: [
      { to: 'OUT_FOR_DELIVERY', roles: MANAGERS, fulfillment: 'DELIVERY' },
      { to: 'DELIVERED', roles: MANAGERS, fulfillment: 'PICKUP' },
      DELAY,
      CANCEL,
    ],
    effect: 'SETTLE_PICKING',
    isMailed: true,
    mail: 'is ready',
    notification: (order, fulfillment) =>
      fulfillment === 'PICKUP'
        ? { title: 'Order ready for pickup', body: `${capitalised(order)} is ready. Come and collect it.` }
        : { title: 'Order ready', body: `${capitalised(order)} is packed and waits for its delivery.` },
  },
  OUT_FOR_DELIVERY: {
    isFinished: false,
    exits: [{ to: 'DELIVERED', roles: MANAGERS }, DELAY, CANCEL],
    isMailed: true,
    mail: 'is on its way to you',
    notification: (order) => ({ title: 'Order on its way', body: `${capitalised(order)} is out for delivery.` }),
  },
  DELIVERED: {
    isFinished: true,
    exits: [],
    isMailed: true,
    mail: 'has been delivered',
    notification: (order, fulfillment) =>
      fulfillment === 'PICKUP'
        ? { title: 'Order collected', body: `${capitalised(order)} has been collected. Enjoy.` }
        : { title: 'Order delivered', body: `${capitalised(order)} has been delivered. Enjoy.` },
  },
  CANCELED: {
    isFinished: true,
    exits: [],
    effect: 'CANCEL',
    isMailed: true,
    mail: 'has been canceled; what you paid will be refunded',
    notification: (order) => ({ title: 'Order canceled', body: `${capitalised(order)} has been canceled.` }),
  },
  DELAYED: {
    isFinished: false,
    exits: [...(['CREATED', 'IN_PROGRESS', 'MISSING', 'READY', 'OUT_FOR_DELIVERY'] as const).map(resume), CANCEL],
    isMailed: true,
    mail: 'is delayed; we are sorry, and will tell you as soon as it moves on',
    notification: (order) => ({
      title: 'Order delayed',
      body: `${capitalised(order)} is taking longer than planned. Sorry.`,
    }),
  },
  MISSING: {
    isFinished: false,
    exits: [
      { to: 'IN_PROGRESS', roles: MANAGERS },
      // Delivered incomplete: missing lines are refunded.
      { to: 'READY', roles: MANAGERS },
      DELAY,
      CANCEL,
    ],
    isMailed: false,
    mail: 'has items that we could not find; we are looking into it',
    notification: (order) => ({
      title: 'Some items are missing',
      body: `Some items of ${order} are missing from the shelves. We are looking into it.`,
    }),
  },
};

export const FINISHED: readonly OrderStatus[] = ORDER_STATUSES.filter((status) => STATUSES[status].isFinished);

export const UNFINISHED: readonly OrderStatus[] = ORDER_STATUSES.filter((status) => !STATUSES[status].isFinished);

export interface Move extends Exit {
  readonly from: OrderStatus;
}

/** Every allowed move, by whom, and under which condition. */
export const LIFECYCLE: readonly Move[] = ORDER_STATUSES.flatMap((from) =>
  STATUSES[from].exits.map((exit): Move => ({ ...exit, from })),
);

export const movesOf = (role: Role): Move[] => LIFECYCLE.filter((move) => move.roles.includes(role));

/** The statuses from which the role may cancel. */
export const cancelableBy = (role: Role): OrderStatus[] =>
  movesOf(role)
    .filter((move) => move.to === 'CANCELED')
    .map((move) => move.from);
