import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { feature, MANAGERS, protectedRoute, STAFF } from '../../http/route.ts';
import { alerts } from './alerts.ts';
import { batches, findBatch } from './batch-queries.ts';
import { completeBatch, openBatch } from './commands/batches.ts';
import { moveOrder } from './commands/move.ts';
import { pickItem, recordPicks } from './commands/pick.ts';
import { reportDamage } from './commands/report-damage.ts';
import { performance } from './performance.ts';
import { findStaffOrder, floorOrders } from './queries.ts';
import * as schemas from './schemas.ts';

const orderRoutes = [
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '/orders',
      scopes: ['orders:read', 'ops:read'],
      summary: 'Orders, most urgent first',
      description:
        'Sorted by `urgency_rank`, then the due time (the start of the promised window), then the id, across all pages. ' +
        '`critical`: due within an hour or late; `dueSoon`: within four hours; `onTrack`: today; `scheduled`: later. ' +
        'Finished orders come last. `date_from` and `date_to` refer to the date of the order.',
      query: schemas.FloorQuery.extend(InLanguage.shape),
      returns: schemas.FloorOrder,
      translated: true,
      paged: true,
    },
    (call, { query }) => floorOrders(call, query),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '/orders/{id}',
      scopes: ['orders:read', 'ops:read'],
      summary: 'One order with its customer; items in bin order',
      params: IdParams,
      query: InLanguage,
      returns: schemas.StaffOrder,
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => findStaffOrder(call, params.id),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'patch',
      path: '/orders/{id}/status',
      scopes: ['orders:write', 'ops:write'],
      summary: 'Change the status of an order',
      description:
        'EMPLOYEE: CREATED→IN_PROGRESS; IN_PROGRESS→READY when no item is pending or missing; IN_PROGRESS→MISSING when ' +
        'one is missing. MANAGER and ADMIN also: MISSING→IN_PROGRESS or READY (missing ' +
        'items are refunded; an order with only missing items must be canceled instead; what is sold by weight must be weighed); READY→OUT_FOR_DELIVERY (delivery); READY→DELIVERED (pickup); OUT_FOR_DELIVERY→DELIVERED; ' +
        'any unfinished→DELAYED, and from there back to the previous status; any unfinished→CANCELED (stock returned, payment refunded). ' +
        'An error has the present status in `details.status` and the moves allowed to the caller in `details.allowed`.',
      params: IdParams,
      body: schemas.StatusBody,
      changes: ['products'],
      query: InLanguage,
      returns: schemas.StaffOrder,
      translated: true,
      errors: [
        'NOT_FOUND',
        'INVALID_STATUS_TRANSITION',
        'NOTHING_TO_DELIVER',
        'PAYMENT_NOT_CAPTURED',
        'WEIGHT_REQUIRED',
        'PROPOSAL_PENDING',
      ],
    },
    (call, { params, body }) => moveOrder(call, params.id, body.status),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'patch',
      path: '/orders/{id}/items/{item_id}/picked-status',
      scopes: ['ops:write'],
      summary: 'Set the picking status of a line',
      description:
        'Only while the order is IN_PROGRESS; on a CREATED order it starts picking. MISSING: the units stay written off. REPLACED: ' +
        'takes the replacement from the stock of the branch, returns the original, and charges the lower of the two prices. ' +
        'Setting another status reverts this. Refunds are made when the order becomes READY. With fewer units than ordered in ' +
        '`picked_quantity` the line is PICKED, or REPLACED, and the rest is written off and not paid. A product sold by weight costs ' +
        'its price per kilogram × `picked_grams`, at most what it was shown for (setting `weight_overage`); it must be weighed before ' +
        'the order is READY. A weight out of tolerance needs a manager and an `override_reason`.',
      params: schemas.ItemParams,
      body: schemas.PickBody,
      changes: ['products'],
      query: InLanguage,
      returns: schemas.StaffOrder,
      translated: true,
      errors: [
        'NOT_FOUND',
        'PRODUCT_NOT_FOUND',
        'PRODUCT_INACTIVE',
        'INVALID_STATUS',
        'INSUFFICIENT_STOCK',
        'STOCK_HELD',
        'UNPROCESSABLE',
        'USE_MISSING',
        'NOT_ORDERED',
        'WEIGHT_OUT_OF_RANGE',
        'NOT_SOLD_BY_WEIGHT',
        'SUBSTITUTION_REFUSED',
        'APPROVAL_REQUIRED',
        'NOT_IN_CHOICE',
      ],
    },
    (call, { params, body }) => pickItem(call, params.id, params.item_id, body),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/picks',
      scopes: ['ops:write'],
      summary: 'Record what a handheld gathered off line',
      description:
        'Up to 200 operations, done in the order of `at`, each on its own: one that is refused has result `error` and leaves the others ' +
        'alone. An operation that succeeded once answers `repeated` for ever and changes nothing; one that was refused is tried again. ' +
        'What happened before the line was last set is accepted without effect (`superseded`). A malformed operation is a 400 for all.',
      body: schemas.PicksBody,
      changes: ['products'],
      returns: schemas.PickResults,
    },
    (call, { body }) => recordPicks(call, body),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/orders/{id}/items/{item_id}/report-damage',
      scopes: ['ops:write'],
      summary: 'Report damaged goods',
      description:
        "For any unfinished order. With `quantity`, so many units of the branch's free stock are written off.",
      params: schemas.ItemParams,
      body: schemas.DamageBody,
      changes: ['products'],
      returns: schemas.DamageReported,
      status: 201,
      errors: ['NOT_FOUND', 'INVALID_STATUS', 'INSUFFICIENT_STOCK', 'STOCK_HELD'],
    },
    (call, { params, body }) => reportDamage(call, params.id, params.item_id, body),
  ),
];

const batchRoutes = [
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/batches',
      scopes: ['ops:write'],
      summary: 'Create a batch of up to 20 orders',
      description:
        'The orders must be CREATED, or IN_PROGRESS and in no open batch; all of them become IN_PROGRESS. Otherwise ' +
        '`details` names the orders at fault. A canceled order leaves its open batch.',
      body: schemas.BatchBody,
      changes: ['products'],
      query: InLanguage,
      returns: schemas.Batch,
      translated: true,
      status: 201,
      errors: ['NOT_FOUND', 'ORDER_IN_BATCH', 'INVALID_STATUS'],
    },
    (call, { body }) => openBatch(call, body.order_ids),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '/batches',
      scopes: ['ops:read'],
      summary: 'Batches, newest first',
      query: schemas.BatchesQuery.extend(InLanguage.shape),
      returns: schemas.Batch,
      translated: true,
      paged: true,
    },
    (call, { query }) => batches(call, query),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '/batches/{id}',
      scopes: ['ops:read'],
      summary: 'One batch with its pick list',
      params: IdParams,
      query: InLanguage,
      returns: schemas.Batch,
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => findBatch(call, params.id),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/batches/{id}/complete',
      scopes: ['ops:write'],
      summary: 'Complete a batch',
      description: 'While a line is PENDING, the response is 409 with the lines in `details.pending`.',
      params: IdParams,
      query: InLanguage,
      returns: schemas.Batch,
      translated: true,
      errors: ['NOT_FOUND', 'INVALID_STATUS', 'BATCH_NOT_SETTLED'],
    },
    (call, { params }) => completeBatch(call, params.id),
  ),
];

const overviewRoutes = [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/performance',
      scopes: ['ops:read'],
      summary: 'Picking performance today',
      returns: schemas.Performance,
    },
    performance,
  ),
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '/alerts',
      scopes: ['ops:read'],
      summary: 'Alerts',
      description:
        'Late orders, stock at or under its reorder point, payments, refunds and mail that are stuck or failed, and ' +
        'stock requests waiting for review: most severe and newest first, at most 20 of each type.',
      returns: z.array(schemas.Alert),
    },
    alerts,
  ),
];

export const ops = feature('/ops', 'Operations', [...orderRoutes, ...batchRoutes, ...overviewRoutes]);
