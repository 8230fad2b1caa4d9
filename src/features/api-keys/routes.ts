import { IdParams, Page } from '../../http/fields.ts';
import { ADMINS, feature, protectedRoute } from '../../http/route.ts';
import { Success } from '../auth/schemas.ts';
import { createApiKey, revokeApiKey } from './commands.ts';
import { listApiKeys } from './queries.ts';
import * as schemas from './schemas.ts';

export const apiKeys = feature('/admin/api-keys', 'Admin: API keys', [
  protectedRoute(
    ADMINS,
    {
      method: 'get',
      path: '',
      summary: 'List API keys, newest first',
      description:
        'Revoked and expired keys too, because the audit log names them. The keys themselves are not stored.',
      query: Page,
      paged: true,
      returns: schemas.ApiKey,
    },
    (call, { query }) => listApiKeys(call, query),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'post',
      path: '',
      summary: 'Create an API key',
      description:
        'The `key` is shown only in this response; send it as `Authorization: Bearer mami_…`. It can do what its scopes say and ' +
        'nothing else: user, key and settings administration have no scope, and writing does not include reading. With `branch_id` ' +
        'it sees and changes orders, stock and requests of that branch only. It acts for its creator, and ends when it is revoked, when it expires, ' +
        'or when its creator is no longer an active administrator.',
      body: schemas.NewApiKeyBody,
      returns: schemas.NewApiKey,
      status: 201,
      errors: ['BRANCH_NOT_FOUND'],
      auditDenied: 'api_key',
    },
    (call, { body }) => createApiKey(call, body),
  ),
  protectedRoute(
    ADMINS,
    {
      method: 'delete',
      path: '/{id}',
      summary: 'Revoke an API key',
      description: 'Its next request is refused. It stays in the list.',
      params: IdParams,
      returns: Success,
      errors: ['API_KEY_NOT_FOUND'],
    },
    (call, { params }) => revokeApiKey(call, params.id),
  ),
]);
