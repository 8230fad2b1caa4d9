import { DAY, dayOf, HOUR, type LocalTime, MINUTE } from './clock.ts';
import type { Order, OrderEvent, OrderLine, Simulation } from './orders.ts';

/** Courses of open deliveries, earliest window first; the rest has not been started. */
const DELIVERY_PATHS = [
  ['IN_PROGRESS', 'READY', 'OUT_FOR_DELIVERY'],
  ['IN_PROGRESS', 'READY'],
  ['IN_PROGRESS'],
  ['IN_PROGRESS', 'MISSING'],
  ['IN_PROGRESS', 'DELAYED'],
  [],
  ['IN_PROGRESS'],
  ['IN_PROGRESS'],
  ['DELAYED'],
  ['IN_PROGRESS'],
];
const PICKUP_PATHS = [['IN_PROGRESS', 'READY'], [], ['IN_PROGRESS']];
const STEP = 12 * MINUTE;

/** The course of a canceled or delivered order; empty while it is open. */
export function closedCourse(order: Order, simulation: Simulation): OrderEvent[] {
  const { random, now } = simulation;
  const canceledAt = order.placedAt + random.integer(4, 50) * MINUTE;
  const isDemoCancel = order.customer.isDemo && order.id % 150 === 0;
  if ((random.chance(0.06) || isDemoCancel) && canceledAt < now - 30 * MINUTE)
    return canceledCourse(order, simulation, canceledAt);
  return order.windowEnd < now - 30 * MINUTE ? deliveredCourse(order, simulation) : [];
}

function placed(order: Order): OrderEvent {
  return { status: 'CREATED', at: order.placedAt, actorId: order.customer.id };
}

function canceledCourse(order: Order, { ledger }: Simulation, at: LocalTime): OrderEvent[] {
  for (const { product, quantity } of order.lines) {
    const back = { branchId: order.branchId, productId: product.id, delta: quantity, reason: 'CANCEL', at };
    ledger.giveBack({ ...back, orderId: order.id, actorId: order.customer.id });
  }
  return [placed(order), { status: 'CANCELED', at, actorId: order.customer.id }];
}

function deliveredCourse(order: Order, simulation: Simulation): OrderEvent[] {
  const { random, shop } = simulation;
  const shiftStart = dayOf(order.windowStart) * DAY + 4 * HOUR + random.integer(0, 30) * MINUTE;
  const soonest = Math.max(order.placedAt + 10 * MINUTE, shiftStart);
  const start = Math.max(soonest, order.windowStart - random.integer(150, 270) * MINUTE);
  const picked = start + random.integer(18, 45) * MINUTE;
  const by = (status: string, at: LocalTime, actorId = shop.managerId) => ({ status, at, actorId });
  const events = [placed(order), by('IN_PROGRESS', start, order.pickerId)];
  pickLines(order.lines, start, picked, order.lines.length);

  const isDemoShortage = order.customer.isDemo && order.id % 60 === 0;
  let ready = picked;
  if (isDemoShortage || random.chance(0.05)) {
    random.pick(order.lines).picked = 'MISSING';
    events.push(by('MISSING', picked, order.pickerId));
    ready = picked + 6 * MINUTE;
    events.push(by('READY', ready));
  } else {
    if (random.chance(0.05)) replaceLine(order, simulation);
    events.push(by('READY', picked, order.pickerId));
  }
  if (!order.slot) return [...events, by('DELIVERED', order.windowStart + random.integer(1, 110) * MINUTE)];

  const leaves = Math.max(ready + 5 * MINUTE, order.windowStart - random.integer(5, 30) * MINUTE);
  if (random.chance(0.02)) {
    events.push(by('DELAYED', leaves), by('READY', leaves + HOUR), by('OUT_FOR_DELIVERY', leaves + 65 * MINUTE));
    return [...events, by('DELIVERED', leaves + 2 * HOUR)];
  }
  events.push(by('OUT_FOR_DELIVERY', leaves));
  return [...events, by('DELIVERED', leaves + random.integer(25, 90) * MINUTE)];
}

/** Picks the first `count` lines, spread over the time between the two instants. */
function pickLines(lines: OrderLine[], from: LocalTime, to: LocalTime, count: number): void {
  for (const [index, line] of lines.slice(0, count).entries()) {
    line.picked = 'PICKED';
    line.pickedAt = from + Math.round(((to - from) * (index + 1)) / (lines.length + 1));
  }
}

/** Replaces a line by a product of the same category: the original is returned, the replacement taken. */
function replaceLine(order: Order, { random, shop, ledger }: Simulation): void {
  const line = random.pick(order.lines);
  const replacement = shop.products.find(
    (product) =>
      product.categoryId === line.product.categoryId &&
      product.isActive &&
      ledger.onHand(order.branchId, product.id) >= line.quantity &&
      order.lines.every((other) => other.product.id !== product.id),
  );
  if (!replacement || line.pickedAt === undefined) return;
  line.picked = 'REPLACED';
  line.replacement = replacement;
  const common = { branchId: order.branchId, orderId: order.id, at: line.pickedAt, actorId: order.pickerId };
  ledger.add({ ...common, productId: replacement.id, delta: -line.quantity, reason: 'REPLACEMENT_TAKEN' });
  ledger.giveBack({ ...common, productId: line.product.id, delta: line.quantity, reason: 'REPLACED_ORIGINAL' });
}

/** The course so far of an open delivery; `rank` counts from the most urgent one. */
export function openDelivery(order: Order, simulation: Simulation, rank: number): OrderEvent[] {
  return openCourse(order, simulation, DELIVERY_PATHS[rank] ?? []);
}

/** The course so far of an open pickup; `rank` counts from the most urgent one. */
export function openPickup(order: Order, simulation: Simulation, rank: number): OrderEvent[] {
  return openCourse(order, simulation, PICKUP_PATHS[rank] ?? []);
}

function openCourse(order: Order, { now, random, shop }: Simulation, path: string[]): OrderEvent[] {
  const first = now - path.length * STEP;
  if (path[0] === 'IN_PROGRESS') {
    const isDone = path.length > 1 && path[1] !== 'DELAYED';
    const count = isDone ? order.lines.length : Math.ceil(order.lines.length / 2);
    pickLines(order.lines, first, first + STEP, count);
    if (path.includes('MISSING')) random.pick(order.lines).picked = 'MISSING';
  }
  const doneByPicker = new Set(['IN_PROGRESS', 'MISSING', 'READY']);
  const steps = path.map((status, index) => {
    const actorId = doneByPicker.has(status) ? order.pickerId : shop.managerId;
    return { status, at: first + index * STEP, actorId };
  });
  return [placed(order), ...steps];
}
