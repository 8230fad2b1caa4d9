import * as z from 'zod';
import { IdParams } from '../../http/fields.ts';
import { InLanguage } from '../../http/language.ts';
import { CUSTOMERS, feature, protectedRoute, STAFF } from '../../http/route.ts';
import { ItemParams } from '../ops/schemas.ts';
import { Order } from '../orders/schemas.ts';
import { answer, chooseSubstitution, propose } from './commands.ts';
import { ownProposals, suggestions } from './queries.ts';
import { Proposal, ProposalBody, ProposalParams, SubstitutionInput, Suggestion } from './schemas.ts';

const FIRST_ANSWER =
  'The first answer counts: the same again is 200, another one or one after `expires_at` is 409 `PROPOSAL_CLOSED`. ';

export const orderSubstitutions = feature('/orders', 'Orders', [
  protectedRoute(
    CUSTOMERS,
    {
      method: 'patch',
      path: '/{id}/items/{item_id}/substitution',
      summary: 'Choose what may be given instead of a line',
      description: 'Until the line is picked; then 409 `INVALID_STATUS`.',
      params: ItemParams,
      body: SubstitutionInput,
      query: InLanguage,
      returns: Order,
      translated: true,
      errors: ['NOT_FOUND', 'PRODUCT_NOT_FOUND', 'INVALID_STATUS', 'UNPROCESSABLE'],
    },
    (call, { params, body }) => chooseSubstitution(call, params.id, params.item_id, body),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'get',
      path: '/{id}/proposals',
      summary: 'What the shop proposes instead of lines, newest first',
      params: IdParams,
      query: InLanguage,
      returns: z.array(Proposal),
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => ownProposals(call, params.id),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/proposals/{pid}/approve',
      summary: 'Accept a proposal',
      description: `${FIRST_ANSWER}The line is REPLACED at once.`,
      params: ProposalParams,
      changes: ['products'],
      query: InLanguage,
      returns: Proposal,
      translated: true,
      errors: [
        'NOT_FOUND',
        'PROPOSAL_CLOSED',
        'INVALID_STATUS',
        'PRODUCT_INACTIVE',
        'INSUFFICIENT_STOCK',
        'STOCK_HELD',
      ],
    },
    (call, { params }) => answer(call, params.id, params.pid, 'APPROVED'),
  ),
  protectedRoute(
    CUSTOMERS,
    {
      method: 'post',
      path: '/{id}/proposals/{pid}/reject',
      summary: 'Decline a proposal',
      description: `${FIRST_ANSWER}The line is MISSING, as it is when nobody answers in time.`,
      params: ProposalParams,
      changes: ['products'],
      query: InLanguage,
      returns: Proposal,
      translated: true,
      errors: ['NOT_FOUND', 'PROPOSAL_CLOSED'],
    },
    (call, { params }) => answer(call, params.id, params.pid, 'REJECTED'),
  ),
]);

export const opsSubstitutions = feature('/ops/orders', 'Operations', [
  protectedRoute(
    STAFF,
    {
      method: 'get',
      path: '/{id}/items/{item_id}/suggestions',
      scopes: ['ops:read'],
      summary: 'What could be given instead of a line',
      description:
        "At most 10 products in stock at the branch: the customer's own choice first, then the nearest by category and by price per unit " +
        'of measure. Whatever is given, the customer pays at most the price of the original.',
      params: ItemParams,
      query: InLanguage,
      returns: z.array(Suggestion),
      translated: true,
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => suggestions(call, params.id, params.item_id),
  ),
  protectedRoute(
    STAFF,
    {
      method: 'post',
      path: '/{id}/items/{item_id}/proposals',
      scopes: ['ops:write'],
      summary: 'Propose another product to the customer',
      description:
        'Holds its stock and tells the customer, who can answer until `expires_at`: the setting `proposal_minutes`, and never after the ' +
        'promised window begins. One open proposal a line, of a line that is PENDING or MISSING; it is withdrawn when staff pick the line. ' +
        'The first one starts picking. Without an answer the line is MISSING.',
      params: ItemParams,
      body: ProposalBody,
      changes: ['products'],
      query: InLanguage,
      returns: Proposal,
      translated: true,
      status: 201,
      errors: [
        'NOT_FOUND',
        'PRODUCT_NOT_FOUND',
        'PRODUCT_INACTIVE',
        'INVALID_STATUS',
        'SUBSTITUTION_REFUSED',
        'PROPOSAL_PENDING',
        'PROPOSAL_CLOSED',
        'INSUFFICIENT_STOCK',
        'NOT_ORDERED',
        'UNPROCESSABLE',
      ],
    },
    (call, { params, body }) => propose(call, params.id, params.item_id, body),
  ),
]);
