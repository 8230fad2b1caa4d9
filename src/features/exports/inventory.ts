import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { csvDownload, EXPORT_PAGE, utc } from '../../csv-download.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type InventoryRecord, inventoryRows, matchingInventory } from '../inventory/queries.ts';
import type { InventoryExport } from './schemas.ts';

/** Stock by product and branch. The import takes this file, and reads the columns that it knows. */
export const exportInventory = (call: SignedInCall, filters: z.output<typeof InventoryExport>) =>
  csvDownload<InventoryRecord>({
    name: 'inventory',
    columns: {
      product_id: (row) => row.product_id,
      sku: (row) => row.product_sku,
      product_name: (row) => row.product_name,
      branch_id: (row) => row.branch_id,
      branch_name: (row) => row.branch_name,
      available_quantity: (row) => row.available_quantity,
      reserved_quantity: (row) => row.reserved_quantity,
      reorder_point: (row) => row.reorder_point,
      updated_at: (row) => utc(row.updated_at),
    },
    rowsAfter: async (last) => {
      const page = sql`
        select i.id from inventory i
        where ${matchingInventory(filters)} and (i.branch_id, i.id) > (${last?.branch_id ?? 0}, ${last?.id ?? 0})
        order by i.branch_id, i.id limit ${EXPORT_PAGE}`;
      const [rows] = await call.batch([inventoryRows(page)]);
      return rows;
    },
  });
