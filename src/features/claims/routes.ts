import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, MANAGERS, protectedRoute, STAFF } from '../../http/route.ts';
import { decideClaim, makeClaim } from './commands.ts';
import { claimsForStaff, claimsOfOrder } from './queries.ts';
import * as schemas from './schemas.ts';

export const claims = feature('/orders', 'Claims', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/{id}/claims',
      summary: 'Claims about an order of the caller, newest first',
      params: IdParams,
      query: InLanguage,
      returns: z.array(schemas.Claim),
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => claimsOfOrder(call, params.id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/claims',
      summary: 'File a claim about a delivered order',
      description:
        'Within `claim_hours` (a setting) after the delivery, each unit at most once, whatever the decision. REFUND goes back the way ' +
        'it was paid, CREDIT becomes store credit. Small claims can be approved automatically (`claim_auto_approve_under`), ' +
        'unless three were approved within 30 days.',
      params: IdParams,
      body: schemas.NewClaim,
      query: InLanguage,
      returns: schemas.Claim,
      translated: true,
      status: 201,
      errors: [
        'NOT_FOUND',
        'INVALID_STATUS',
        'CLAIM_WINDOW_OVER',
        'ALREADY_CLAIMED',
        'NOTHING_LEFT_TO_REFUND',
        'NOT_ORDERED',
      ],
    },
    (call, { params, body }) => makeClaim(call, params.id, body),
  ),
]);

export const opsClaims = feature('/ops/claims', 'Claims', [
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '',
      scopes: ['orders:read'],
      summary: 'Claims of all customers',
      description: 'Open ones first, the oldest of them first; then the others, newest first.',
      query: schemas.ClaimsQuery.extend(InLanguage.shape),
      returns: schemas.StaffClaim,
      translated: true,
      paged: true,
    },
    (call, { query }) => claimsForStaff(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'patch',
      path: '/{id}',
      scopes: ['orders:write'],
      summary: 'Decide an open claim',
      description:
        'Units that no decision approves are denied: the claim becomes APPROVED, PARTLY_APPROVED or DENIED and stays so. Approved ' +
        'units are refunded at the price paid. Stock does not change. Nobody decides on their own claim, ADMIN included.',
      params: IdParams,
      body: schemas.ClaimDecisions,
      query: InLanguage,
      returns: schemas.StaffClaim,
      translated: true,
      errors: ['CANNOT_APPROVE_OWN', 'NOT_FOUND', 'INVALID_STATUS', 'NOTHING_LEFT_TO_REFUND', 'NOT_CLAIMED'],
    },
    (call, { params, body }) => decideClaim(call, params.id, body),
  ),
]);
