import * as z from 'zod';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { revenue, topProducts } from './sales.ts';
import * as schemas from './schemas.ts';
import { inventoryFigures, orderFigures } from './shop.ts';

const RANGE_NOTE =
  '`range` is a number of days (`30d`), calendar months (`12m`) or calendar years (`2y`) in the time zone of the shop, including the ' +
  'present one, at most ten years.';

export const analytics = feature('/admin/analytics', 'Admin: analytics', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/revenue',
      scopes: ['analytics:read'],
      summary: 'Revenue by day, month or year',
      description:
        `Delivered orders by the time of their delivery, less refunds. ${RANGE_NOTE} Periods without orders are 0. Without ` +
        '`granularity`, up to 92 days are grouped by day, more than 3 years by year, everything else by month.',
      query: schemas.RevenueQuery,
      returns: schemas.Revenue,
    },
    (call, { query }) => revenue(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/top-products',
      scopes: ['analytics:read'],
      summary: 'Best-selling products',
      description:
        `Delivered orders, sorted by units, then revenue. ${RANGE_NOTE} Missing items do not count; a replaced item counts as ` +
        'its replacement, at the price charged.',
      query: schemas.TopProductsQuery,
      returns: z.array(schemas.TopProduct),
    },
    (call, { query }) => topProducts(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/orders',
      scopes: ['analytics:read'],
      summary: 'Orders by status and delivery slot',
      description: `Orders placed in the range. ${RANGE_NOTE} Canceled orders do not count for slots.`,
      query: schemas.RangeQuery,
      returns: schemas.OrderFigures,
    },
    (call, { query }) => orderFigures(call, query.range),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/inventory',
      scopes: ['analytics:read'],
      summary: 'Value and turnover of the stock',
      description:
        'At current prices. `low_stock` counts inventory rows of active products with stock at or below their reorder point, ' +
        '`out_of_stock` those without stock. `turnover` lists the 50 best-selling products of the last 30 days; ' +
        '`days_of_stock` is null for products without sales.',
      query: schemas.InventoryQuery,
      returns: schemas.InventoryFigures,
      errors: ['BRANCH_NOT_FOUND'],
    },
    (call, { query }) => inventoryFigures(call, query.branch_id),
  ),
]);
