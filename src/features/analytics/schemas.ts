import * as z from 'zod';
import { Id, IdText, limitText, Money, ShopDate } from '../../http/fields.ts';
import { ORDER_STATUSES } from '../orders/statuses.ts';
import { GRANULARITIES, type Range, rangeOf } from './range.ts';

const RangeText = z
  .string()
  .trim()
  .transform((text, ctx): Range => {
    const range = rangeOf(text);
    if (range) return range;
    ctx.addIssue({ code: 'custom', message: 'must be a range such as 30d, 12m or 2y, at most ten years' });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    pattern: '^(([1-9]\\d{0,2}|[12]\\d{3}|3[0-5]\\d{2}|36[0-5]\\d|3660)d|([1-9]\\d?|1[01]\\d|120)m|([1-9]|10)y)$',
    example: '30d',
  });

export const RangeQuery = z.object({ range: RangeText.prefault('30d') });
export const RevenueQuery = RangeQuery.extend({ granularity: z.enum(GRANULARITIES).optional() });
export const TopProductsQuery = RangeQuery.extend({ limit: limitText(10) });
export const InventoryQuery = z.object({ branch_id: IdText.optional() });

export const Revenue = z
  .object({
    labels: z.array(z.string()).meta({ example: ['2026-03-01', '2026-03-02'] }),
    values: z.array(z.number()).meta({ description: 'Numbers, for charts.' }),
    total: Money,
    orders: z.int(),
    average_order_value: Money,
  })
  .meta({ id: 'Revenue' });

export const TopProduct = z
  .object({ product_id: Id, name: z.string(), sku: z.string(), units: z.int(), revenue: Money })
  .meta({ id: 'TopProduct' });

export const OrderFigures = z
  .object({
    by_status: z.record(z.enum(ORDER_STATUSES), z.int()),
    by_slot: z.array(z.object({ slot_id: Id, date: ShopDate, orders: z.int(), capacity: z.int().nullable() })),
    canceled_rate: z.number().meta({ minimum: 0, maximum: 1 }),
    average_items: z.number().meta({ description: 'Average number of units per order.' }),
  })
  .meta({ id: 'OrderFigures' });

export const InventoryFigures = z
  .object({
    stock_value: Money,
    units: z.int(),
    low_stock: z.int(),
    out_of_stock: z.int(),
    turnover: z.array(
      z.object({ product_id: Id, name: z.string(), units_sold: z.int(), days_of_stock: z.number().nullable() }),
    ),
  })
  .meta({ id: 'InventoryFigures' });
