import { DAY, dayOf, HOUR, type LocalTime, MINUTE, weekdayOf } from './clock.ts';
import type { Ledger } from './ledger.ts';
import { closedCourse, openDelivery, openPickup } from './order-course.ts';
import { discountPercentAt } from './promotions.ts';
import type { Random } from './random.ts';
import { type Customer, OPENING_HOURS, type Product, type Shop, type Slot, WAREHOUSE_ID } from './shop.ts';

export interface OrderLine {
  product: Product;
  quantity: number;
  picked: 'PENDING' | 'PICKED' | 'MISSING' | 'REPLACED';
  pickedAt?: LocalTime;
  replacement?: Product;
}

export interface OrderEvent {
  status: string;
  at: LocalTime;
  actorId: number;
}

export interface Order {
  id: number;
  customer: Customer;
  branchId: number;
  /** Absent for pickup. */
  slot?: Slot;
  windowStart: LocalTime;
  windowEnd: LocalTime;
  placedAt: LocalTime;
  lines: OrderLine[];
  discountPercent: number;
  pickerId: number;
  /** From CREATED to the present status; empty until that is decided. */
  events: OrderEvent[];
}

export interface Simulation {
  shop: Shop;
  ledger: Ledger;
  random: Random;
  now: LocalTime;
  /** Orders of each slot and date, by `slot:day`. */
  places: Map<string, number>;
  /** Product ids, repeated in proportion to their popularity. */
  demand: Product[];
}

const DAYS_OF_HISTORY = 60;
/** Relative demand from Sunday to Saturday: highest before the weekend. */
const ORDERS_A_DAY = [11, 12, 12, 13, 17, 16, 8];
const NEWEST_ORDER_AGE = 40 * MINUTE;
const DEMO_ORDER_EVERY = 30;

/** Generates the orders of the last 60 days, day by day, each with its course. */
export function simulateOrders(shop: Shop, ledger: Ledger, random: Random, now: LocalTime): Order[] {
  const demand = shop.products.filter((p) => p.isActive).flatMap((p) => Array<Product>(p.popularity).fill(p));
  const simulation: Simulation = { shop, ledger, random, now, places: new Map(), demand };
  const orders: Order[] = [];
  const today = dayOf(now);
  for (let day = today - DAYS_OF_HISTORY; day <= today; day++) {
    const opening = day * DAY + OPENING_HOURS.from * HOUR;
    if (opening < now) {
      ledger.settleReturns(opening);
      ledger.restock(day, opening - HOUR);
    }
    // More orders since yesterday, so that the staff console is never empty.
    const count = (ORDERS_A_DAY[weekdayOf(day)] ?? 0) * (day >= today - 1 ? 3 : 1);
    const times = Array.from({ length: count }, () => day * DAY + random.integer(7 * HOUR, 23 * HOUR));
    for (const placedAt of times.sort((a, b) => a - b)) {
      if (placedAt > now - NEWEST_ORDER_AGE) break;
      const order = placeOrder(simulation, orders.length + 1, placedAt);
      if (order) orders.push(order);
    }
  }
  const open = orders.filter((order) => order.events.length === 0).sort((a, b) => a.windowStart - b.windowStart);
  const byKind = Object.groupBy(open, (order) => (order.slot ? 'deliveries' : 'pickups'));
  for (const [rank, order] of byKind.deliveries?.entries() ?? []) order.events = openDelivery(order, simulation, rank);
  for (const [rank, order] of byKind.pickups?.entries() ?? []) order.events = openPickup(order, simulation, rank);
  return orders;
}

function placeOrder(simulation: Simulation, id: number, placedAt: LocalTime): Order | undefined {
  const { shop, random } = simulation;
  const delivers = random.chance(0.75);
  const branchId = delivers ? WAREHOUSE_ID : random.pick(shop.branchIds);
  const window = delivers ? deliveryWindow(simulation, placedAt) : pickupWindow(placedAt);
  const lines = takeLines(simulation, id, branchId);
  if (lines.length < 2) return undefined;
  const customer = pickCustomer(simulation, id, placedAt);
  for (const { product, quantity } of lines) {
    const sale = { branchId, productId: product.id, delta: -quantity, reason: 'SALE', at: placedAt };
    simulation.ledger.add({ ...sale, orderId: id, actorId: customer.id });
  }
  const pickerId = random.pick(shop.employeeIds);
  const discountPercent = discountPercentAt(shop, placedAt);
  const order: Order = { id, customer, branchId, ...window, placedAt, lines, discountPercent, pickerId, events: [] };
  order.events = closedCourse(order, simulation);
  return order;
}

/** Gives the demo customer both past and open orders. */
function pickCustomer({ shop, random, now }: Simulation, orderId: number, placedAt: LocalTime): Customer {
  const demo = shop.customers.find((customer) => customer.isDemo);
  const isDemoOrder = orderId % DEMO_ORDER_EVERY === 0 || (placedAt > now - DAY && orderId % 5 === 0);
  return demo && isDemoOrder ? demo : random.pick(shop.customers);
}

function takeLines({ random, ledger, demand }: Simulation, orderId: number, branchId: number): OrderLine[] {
  const lines = new Map<number, OrderLine>();
  // Occasionally a large order, so that long pick lists occur.
  const wanted = orderId % 50 === 0 ? 30 : random.integer(3, 13);
  for (let attempt = 0; attempt < wanted; attempt++) {
    const product = random.pick(demand);
    const quantity = random.pick([1, 1, 1, 1, 2, 2, 2, 3, 4]);
    if (lines.has(product.id) || ledger.onHand(branchId, product.id) < quantity) continue;
    lines.set(product.id, { product, quantity, picked: 'PENDING' });
  }
  return [...lines.values()];
}

type Window = Pick<Order, 'slot' | 'windowStart' | 'windowEnd'>;

function deliveryWindow({ shop, random, places, now }: Simulation, placedAt: LocalTime): Window {
  const isFresh = placedAt > now - DAY;
  const firstDay = dayOf(isFresh ? now : placedAt) + random.pick([0, 0, 1, 1, 1, 2]);
  for (let day = firstDay; ; day++) {
    const earliest = random.integer(OPENING_HOURS.from, OPENING_HOURS.to - 2);
    for (const slot of shop.slots.filter((one) => one.weekday === weekdayOf(day) && one.startHour >= earliest)) {
      const windowStart = day * DAY + slot.startHour * HOUR;
      const place = `${slot.id}:${day}`;
      const taken = places.get(place) ?? 0;
      if (windowStart < placedAt + 2 * HOUR || taken >= slot.capacity) continue;
      places.set(place, taken + 1);
      return { slot, windowStart, windowEnd: windowStart + 2 * HOUR };
    }
  }
}

function pickupWindow(placedAt: LocalTime): Window {
  const hour = Math.ceil((placedAt + 2 * HOUR) / HOUR) * HOUR;
  const day = dayOf(hour) * DAY;
  const isTooLate = hour > day + (OPENING_HOURS.to - 2) * HOUR;
  const opening = day + OPENING_HOURS.from * HOUR;
  const windowStart = isTooLate ? opening + DAY : Math.max(hour, opening);
  return { windowStart, windowEnd: windowStart + 2 * HOUR };
}
