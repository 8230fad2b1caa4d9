import { IdParams, Page } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute, STAFF } from '../../http/route.ts';
import { changeInventory } from './commands/change.ts';
import { createInventory } from './commands/create.ts';
import { importInventory } from './commands/import.ts';
import { listInventory, listMovements } from './queries.ts';
import * as schemas from './schemas.ts';

const LIST = {
  method: 'get',
  path: '/inventory',
  summary: 'Stock by branch and product',
  description: 'By branch, then in the order of creation.',
  query: schemas.InventoryQuery,
  returns: schemas.InventoryRow,
  paged: true,
} as const;

const CHANGE = {
  method: 'patch',
  path: '/inventory/{id}',
  summary: 'Count or adjust stock, or move the reorder point',
  description:
    '`available_quantity` is a count, `delta` an adjustment; either becomes a movement with the `reason` as its note. ' +
    'With `expected_available_quantity`, a sale made meanwhile is not undone: the answer is 409 `STALE_QUANTITY` with ' +
    'what is on hand now. What carts in checkout hold cannot be taken away.',
  params: IdParams,
  body: schemas.InventoryChange,
  changes: ['products'],
  returns: schemas.InventoryRow,
  errors: ['NOT_FOUND', 'STALE_QUANTITY', 'STOCK_HELD', 'INSUFFICIENT_STOCK', 'UNPROCESSABLE'],
} as const;

const COUNT = {
  ...CHANGE,
  summary: 'Count stock on the floor',
  description:
    'The count becomes a movement with the `reason` as its note. With `expected_available_quantity`, a sale made meanwhile ' +
    'is not undone: the answer is 409 `STALE_QUANTITY` with what is on hand now. What carts in checkout hold cannot be ' +
    'taken away. Adjustments and reorder points are for managers.',
  body: schemas.InventoryCount,
  errors: ['NOT_FOUND', 'STALE_QUANTITY', 'STOCK_HELD'],
} as const;

export const opsInventory = feature('/ops', 'Inventory', [
  protectedRoute(STAFF, LIST, (call, { query }) => listInventory(call, query)),
  protectedRoute(STAFF, COUNT, (call, { params, body }) => changeInventory(call, params.id, body)),
]);

export const adminInventory = feature('/admin', 'Inventory', [
  protectedRoute(
    MANAGERS,
    {
      ...LIST,
      description: `${LIST.description} All of it fits into one page of 10,000.`,
      query: schemas.AdminInventoryQuery,
    },
    (call, { query }) => listInventory(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/inventory',
      summary: 'Start to stock a product at a branch',
      body: schemas.NewInventory,
      changes: ['products'],
      returns: schemas.InventoryRow,
      status: 201,
      errors: ['PRODUCT_NOT_FOUND', 'NOT_FOUND', 'DUPLICATE_INVENTORY'],
    },
    (call, { body }) => createInventory(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/inventory/bulk',
      summary: 'Set stock from a CSV file',
      description:
        'UTF-8, comma-separated, at most 10,000 rows of data, 50 columns and 200 characters a cell. The first row names ' +
        'the columns, in any order: `product_id` or `sku` (both must agree), `branch_id`, `available_quantity`, and ' +
        '`reorder_point` if you like (an empty cell leaves it). Other columns are ignored, cells are data and never ' +
        'formulas. Good rows land, and make the inventory row when it is absent; bad rows are reported with the number a ' +
        'spreadsheet gives them (the header is row 1). A row with more filled cells than columns is bad: its values do ' +
        'not stand under their names. Of rows for one product and branch the first good one lands. A file that cannot be ' +
        'read for certain changes nothing (400): quotes that do not match (the message names the line), or another ' +
        'separator than the comma (the message names it).\n\n' +
        'Send an `Idempotency-Key`, the same one with every retry, and an import can be repeated: for 24 hours the same ' +
        'file answers the same report with `Idempotency-Replayed: true` and changes nothing, and finds out what became of ' +
        'a request whose answer was lost. A refused request frees the key.',
      upload: 'file',
      headers: schemas.ImportHeaders,
      changes: ['products'],
      returns: schemas.ImportAnswer,
      status: 202,
      errors: ['IDEMPOTENCY_KEY_REUSE_MISMATCH', 'IDEMPOTENCY_IN_PROGRESS'],
    },
    (call, { file, headers }) => importInventory(call, file, headers['idempotency-key']),
  ),
  protectedRoute(MANAGERS, CHANGE, (call, { params, body }) => changeInventory(call, params.id, body)),
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/inventory/{id}/movements',
      summary: 'The ledger of an inventory row, newest first',
      params: IdParams,
      query: Page,
      returns: schemas.Movement,
      paged: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params, query }) => listMovements(call, params.id, query),
  ),
]);
