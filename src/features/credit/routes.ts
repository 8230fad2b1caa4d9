import { IdParams } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute, SIGNED_IN } from '../../http/route.ts';
import { grantCredit } from './commands.ts';
import { creditOf } from './queries.ts';
import * as schemas from './schemas.ts';

export const credit = feature('/me', 'Store credit', [
  protectedRoute(
    SIGNED_IN,
    {
      method: 'get',
      path: '/credit',
      summary: 'Store credit of the caller',
      description: 'What is left, in the currency of the shop, and the entries it is the sum of.',
      query: schemas.CreditQuery,
      returns: schemas.Credit,
    },
    (call, { query }) => creditOf(call, query),
  ),
]);

export const adminCredit = feature('/admin', 'Store credit', [
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      path: '/users/{id}/credit',
      summary: 'Give store credit, or take it back',
      description:
        'Adds an entry to the ledger of the user; a negative `amount` takes back what there is, never more. Nobody gives to ' +
        'their own account, ADMIN included. The customer is notified with the `reason`.',
      params: IdParams,
      body: schemas.NewCredit,
      returns: schemas.GrantedCredit,
      status: 201,
      errors: ['CANNOT_APPROVE_OWN', 'USER_NOT_FOUND', 'INSUFFICIENT_CREDIT', 'CREDIT_LIMIT'],
    },
    (call, { params, body }) => grantCredit(call, params.id, body),
  ),
]);
