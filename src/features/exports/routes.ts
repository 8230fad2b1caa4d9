import * as z from 'zod';
import { ADMINS, feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { exportAudit } from './audit.ts';
import { exportInventory } from './inventory.ts';
import { exportOrders } from './orders.ts';
import { exportProducts } from './products.ts';
import { AuditExport, InventoryExport, OrdersExport, ProductsExport } from './schemas.ts';

const FILE = { method: 'get', returns: z.string(), downloads: 'text/csv' } as const;

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
      summary: 'The audit log as CSV',
      description: `Oldest first; values are JSON.\n\n${ABOUT}`,
      query: AuditExport,
    },
    (call, { query }) => exportAudit(call, query),
  ),
]);
