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
  scopes: ['inventory:read'],
  summary: 'Stock by branch and product',
  description: 'Sorted by branch, then by creation.',
  query: schemas.InventoryQuery,
  returns: schemas.InventoryRow,
  paged: true,
} as const;

const CHANGE = {
  method: 'patch',
  path: '/inventory/{id}',
  scopes: ['inventory:write'],
  summary: 'Count or adjust stock, or change the reorder point',
  description:
    '`available_quantity` is a count, `delta` an adjustment; either becomes a movement with the `reason` as its note. ' +
    'With `expected_available_quantity`, the change fails with 409 `STALE_QUANTITY` and the present quantity if ' +
    'it was changed meanwhile, for example by a sale. Units held by carts in checkout cannot be removed.',
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
    'The count becomes a movement with the `reason` as its note. With `expected_available_quantity`, the count fails with ' +
    '409 `STALE_QUANTITY` and the present quantity if it was changed meanwhile, for example by a sale. Units held by carts in ' +
    'checkout cannot be removed. Adjustments and reorder points are for managers.',
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
      scopes: ['inventory:write'],
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
      scopes: ['inventory:write'],
      summary: 'Import stock from a CSV file',
      description:
        'UTF-8, comma-separated, at most 10,000 rows of data, 50 columns and 200 characters a cell. The first row names ' +
        'the columns, in any order: `product_id` or `sku` (both must agree), `branch_id`, `available_quantity`, and ' +
        'optionally `reorder_point` (an empty cell leaves it unchanged). Other columns are ignored, and cells are never read as ' +
        'formulas. Valid rows are applied, creating missing inventory rows; invalid rows are reported with their row number ' +
        'as in a spreadsheet (the header is row 1). A row with more filled cells than columns is invalid, because its values ' +
        'may be in the wrong columns. Of several rows for one product and branch, the first valid one is applied. An ambiguous file ' +
        'changes nothing (400): unbalanced quotes (the message names the line), or a separator other than the comma ' +
        '(the message names it).\n\n' +
        'With an `Idempotency-Key`, the same one for every retry, an import can be repeated: for 24 hours the same ' +
        'file returns the same report with `Idempotency-Replayed: true` and changes nothing, also when the first ' +
        'response was lost. A failed request frees the key.',
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
      scopes: ['inventory:read'],
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
