import * as z from 'zod';
import { IdParams, Page } from '../../http/fields.ts';
import { feature, MANAGERS, protectedRoute } from '../../http/route.ts';
import { createSynonyms, deleteSynonyms } from './commands.ts';
import { listSynonyms } from './queries.ts';
import * as schemas from './schemas.ts';

export const searchSynonyms = feature('/admin', 'Admin: catalog', [
  protectedRoute(
    MANAGERS,
    {
      method: 'get',
      scopes: ['catalog:read'],
      path: '/search-synonyms',
      summary: 'Words that mean the same in a search, newest first',
      query: Page,
      returns: schemas.Synonyms,
      paged: true,
    },
    (call, { query }) => listSynonyms(call, query),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'post',
      scopes: ['catalog:write'],
      path: '/search-synonyms',
      summary: 'Let words mean the same in a search',
      description:
        'A search for one of them finds products with any of them, also when it is mistyped. They are compared as searches compare: ' +
        'without case, accents and apostrophes. A word may be in several groups; each is used for itself.',
      body: schemas.NewSynonyms,
      changes: ['catalog'],
      returns: schemas.Synonyms,
      status: 201,
      errors: ['SYNONYMS_ALIKE'],
    },
    (call, { body }) => createSynonyms(call, body),
  ),
  protectedRoute(
    MANAGERS,
    {
      method: 'delete',
      scopes: ['catalog:write'],
      path: '/search-synonyms/{id}',
      summary: 'Remove synonyms',
      params: IdParams,
      changes: ['catalog'],
      returns: z.object({ success: z.literal(true) }),
      errors: ['NOT_FOUND'],
    },
    (call, { params }) => deleteSynonyms(call, params.id),
  ),
]);
