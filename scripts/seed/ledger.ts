import type { Client } from 'pg';
import { type LocalTime, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import type { Random } from './random.ts';
import { type Shop, WAREHOUSE_ID } from './shop.ts';

export interface Movement {
  branchId: number;
  productId: number;
  delta: number;
  reason: string;
  at: LocalTime;
  actorId: number;
  orderId?: number;
  stockRequestId?: number;
  note?: string;
}

interface Shelf {
  inventoryId: number;
  branchId: number;
  productId: number;
  onHand: number;
  target: number;
  reorderPoint: number;
}

const WEEK = 7;

/**
 * Tracks the stock of every branch while the past is generated. Taken units count immediately, returned units from the next
 * day on, so the finished ledger never goes below zero.
 */
export class Ledger {
  readonly shelves: Shelf[] = [];
  private readonly movements: Movement[] = [];
  private readonly byPlace = new Map<string, Shelf>();
  private returning: Movement[] = [];
  private readonly shop: Shop;

  constructor(shop: Shop, random: Random) {
    this.shop = shop;
    for (const branchId of shop.branchIds) {
      for (const product of shop.products) {
        const isWarehouse = branchId === WAREHOUSE_ID;
        if (!isWarehouse && random.chance(0.15)) continue;
        const target = (isWarehouse ? 16 : 8) + product.popularity * (isWarehouse ? random.integer(4, 7) : 2);
        const inventoryId = this.shelves.length + 1;
        const reorderPoint = Math.round(target / 5);
        const shelf = { inventoryId, branchId, productId: product.id, onHand: 0, target, reorderPoint };
        this.shelves.push(shelf);
        this.byPlace.set(`${branchId}:${product.id}`, shelf);
        const at = shop.openedAt + random.integer(1, 6) * 3600;
        this.add({ branchId, productId: product.id, delta: target, reason: 'INITIAL', at, actorId: shop.managerId });
      }
    }
  }

  onHand(branchId: number, productId: number): number {
    return this.byPlace.get(`${branchId}:${productId}`)?.onHand ?? 0;
  }

  /** Takes or returns stock; the caller has checked that there is enough. */
  add(movement: Movement): void {
    const shelf = this.byPlace.get(`${movement.branchId}:${movement.productId}`);
    if (!shelf) throw new Error(`Branch ${movement.branchId} has no shelf for product ${movement.productId}`);
    shelf.onHand += movement.delta;
    if (shelf.onHand < 0) throw new Error(`Product ${movement.productId} was sold beyond its stock`);
    this.movements.push(movement);
  }

  /** Stock returned at `movement.at`. */
  giveBack(movement: Movement): void {
    this.returning.push(movement);
  }

  /** Makes stock available that was returned before `time`. */
  settleReturns(time: LocalTime): void {
    const due = this.returning.filter((movement) => movement.at < time);
    this.returning = this.returning.filter((movement) => movement.at >= time);
    for (const movement of due) this.add(movement);
  }

  /** The weekly delivery: each branch on its own day, restocking low products. */
  restock(day: number, at: LocalTime): void {
    for (const shelf of this.shelves) {
      if ((day + shelf.branchId) % WEEK !== 0 || shelf.onHand > shelf.target * 0.6) continue;
      const { branchId, productId } = shelf;
      const delta = shelf.target - shelf.onHand;
      this.add({ branchId, productId, delta, reason: 'BULK_IMPORT', at, actorId: this.shop.managerId });
    }
  }

  /** A stock count that leaves some products low and some out of stock, as on a normal working day. */
  count(at: LocalTime, random: Random): void {
    const alwaysThere = new Set(this.shop.products.filter((product) => product.popularity > 5).map(({ id }) => id));
    const actorId = this.shop.employeeIds[0] ?? this.shop.managerId;
    for (const { branchId, productId, onHand, reorderPoint } of this.shelves) {
      const found = random.chance(0.03) ? 0 : random.chance(0.06) ? random.integer(1, reorderPoint) : onHand;
      // A newcomer's first purchase must not fail for lack of stock.
      if (found >= onHand || (branchId === WAREHOUSE_ID && alwaysThere.has(productId))) continue;
      this.add({ branchId, productId, delta: found - onHand, reason: 'COUNT', note: 'Shelf count', at, actorId });
    }
  }

  async insertShelves(client: Client): Promise<void> {
    const since = timestampText(this.shop.openedAt);
    const rows = this.shelves.map((shelf) => ({
      id: shelf.inventoryId,
      product_id: shelf.productId,
      branch_id: shelf.branchId,
      on_hand: 0,
      reorder_point: shelf.reorderPoint,
      created_at: since,
      updated_at: since,
    }));
    await insertRows(client, 'inventory', rows);
  }

  /** The database computes on-hand stock from the movements. */
  async insertMovements(client: Client): Promise<void> {
    const past = [...this.movements, ...this.returning].sort((a, b) => a.at - b.at);
    const rows = past.map(
      (movement, index): Row => ({
        id: index + 1,
        inventory_id: this.byPlace.get(`${movement.branchId}:${movement.productId}`)?.inventoryId,
        delta: movement.delta,
        reason: movement.reason,
        note: movement.note ?? null,
        order_id: movement.orderId ?? null,
        stock_request_id: movement.stockRequestId ?? null,
        actor_user_id: movement.actorId,
        created_at: timestampText(movement.at),
      }),
    );
    await insertRows(client, 'stock_movements', rows);
  }
}
