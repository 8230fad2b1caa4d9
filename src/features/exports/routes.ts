import * as z from 'zod';
import { ADMINS, feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { exportAudit } from './audit.ts';
import { exportInventory } from './inventory.ts';
import { exportOrders } from './orders.ts';
import { exportProducts } from './products.ts';
import { AuditExport, InventoryExport, OrdersExport, ProductsExport } from './schemas.ts';

const FILE = { method: 'get', returns: z.string() } as const;

/** The first columns of a file, as an example. */
const csv = (...lines: string[]) => ({ type: 'text/csv', example: `${lines.join('\r\n')}\r\n` }) as const;

const ABOUT =
  'UTF-8 with a byte order mark, separated by commas, as spreadsheets open it. A cell that begins with `=`, `+`, `-` or `@`, after apostrophes ' +
  'or none, has one more apostrophe in front, which an import takes away. The file is sent while it is read, so it is not a picture of one ' +
  'instant: a row that changes meanwhile has its old or its new values. A transfer that breaks off is incomplete.';

export const exports = feature('/admin', 'Admin: exports', [
  protectedRoute(
    MANAGERS,
    {
      ...FILE,
      path: '/products/export',
      downloads: csv('sku,name,price,category_id', 'MILK-004,חלב 1%,6.05,3'),
      scopes: ['catalog:read'],
      summary: 'Products as CSV, as the import takes them',
      description: `By id. Importing the file changes nothing.\n\n${ABOUT}`,
      query: ProductsExport,
    },
    (call, { query }) => exportProducts(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      ...FILE,
      path: '/inventory/export',
      downloads: csv(
        'product_id,sku,product_name,branch_id,branch_name,available_quantity',
        '4,MILK-004,חלב 1%,1,Center,42',
      ),
      scopes: ['inventory:read'],
      summary: 'Stock as CSV, as the import takes it',
      description: `By branch. Importing the file sets every stock to what it was.\n\n${ABOUT}`,
      query: InventoryExport,
    },
    (call, { query }) => exportInventory(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      ...FILE,
      path: '/orders/export',
      downloads: csv('order_id,order_number,status,total_amount', '836,MS-261126-Y5YQVV52,DELIVERED,42.10'),
      scopes: ['orders:read'],
      summary: 'Orders as CSV, with what was picked and paid in the end',
      description: `By the time they were placed; \`date_from\` and \`date_to\` are days of it.\n\n${ABOUT}`,
      query: OrdersExport,
    },
    (call, { query }) => exportOrders(call, query),
  ),
  protectedRoute(
    ADMINS,
    {
      ...FILE,
      path: '/audit/export',
      downloads: csv('id,created_at,entity_type,entity_id,action', '9001,2026-11-26T21:29:25.620Z,product,4,UPDATE'),
      summary: 'The audit log as CSV',
      description: `Oldest first; values are JSON.\n\n${ABOUT}`,
      query: AuditExport,
    },
    (call, { query }) => exportAudit(call, query),
  ),
]);
