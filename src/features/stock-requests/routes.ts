import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { feature, MANAGERS, protectedRoute, STAFF } from '../../http/route.ts';
import { createStockRequest, reviewStockRequest, reviewStockRequests } from './commands.ts';
import { findStockRequest, listOwnStockRequests, listStockRequests } from './queries.ts';
import * as schemas from './schemas.ts';

const CREATE = {
  method: 'post',
  scopes: ['inventory:write'],
  summary: 'Request a stock change',
  body: schemas.NewStockRequest,
  query: InLanguage,
  returns: schemas.StockRequest,
  translated: true,
  status: 201,
  errors: ['PRODUCT_NOT_FOUND', 'NOT_FOUND'],
} as const;

const LIST = {
  method: 'get',
  scopes: ['inventory:read'],
  summary: 'Stock requests, newest first',
  query: schemas.StockRequestQuery.extend(InLanguage.shape),
  returns: schemas.StockRequest,
  translated: true,
  paged: true,
} as const;

export const opsStockRequests = feature('/ops', 'Stock requests', [
  protectedRoute(STAFF, { ...LIST, path: '/stock-requests' }, (call, { query }) => listStockRequests(call, query)),
  protectedRoute(STAFF, { ...CREATE, path: '/stock-requests' }, (call, { body }) => createStockRequest(call, body)),
]);

export const stockRequests = feature('/stock-requests', 'Stock requests', [
  protectedRoute(STAFF, { ...CREATE, path: '' }, (call, { body }) => createStockRequest(call, body)),
  protectedRoute(
    STAFF,
    { ...LIST, path: '/my', summary: 'Stock requests of the caller, newest first' },
    (call, input) => listOwnStockRequests(call, input.query),
  ),
  protectedRoute(MANAGERS, { ...LIST, path: '/admin' }, (call, { query }) => listStockRequests(call, query)),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/admin/bulk-review',
      scopes: ['inventory:write'],
      summary: 'Review up to 100 requests',
      description:
        'Each item is reviewed separately: a refused item is reported with the code and message of a single review, ' +
        'and does not affect the others. Requests for one inventory row are applied in the given order.',
      body: schemas.BulkReview,
      changes: ['products'],
      returns: schemas.BulkReviewAnswer,
    },
    (call, { body }) => reviewStockRequests(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      path: '/admin/{id}',
      scopes: ['inventory:read'],
      summary: 'One stock request',
      params: IdParams,
      query: InLanguage,
      returns: schemas.StockRequest,
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => findStockRequest(call, params.id),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/admin/{id}/resolve',
      scopes: ['inventory:write'],
      summary: 'Approve or reject a stock request',
      description:
        'An approval changes the stock: `SET_QUANTITY` sets the quantity on hand, `ADD_QUANTITY` adds to it; an ' +
        'inventory row is created if there is none. `approved_quantity` replaces the requested quantity. A rejection requires a ' +
        '`rejection_reason`. Only an ADMIN may review their own request. Units held by carts in ' +
        'checkout cannot be removed.',
      params: IdParams,
      body: schemas.Review,
      changes: ['products'],
      query: InLanguage,
      returns: schemas.StockRequest,
      translated: true,
      errors: [
        'INVALID_QUANTITY',
        'INVALID_REJECTION',
        'CANNOT_REVIEW_OWN_REQUEST',
        'NOT_FOUND',
        'INVALID_STATUS',
        'STOCK_HELD',
      ],
    },
    (call, { params, body }) => reviewStockRequest(call, params.id, body),
  ),
]);
