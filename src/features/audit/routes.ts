import { ADMINS, feature, protectedRoute } from '../../http/route.ts';
import { listAudit } from './queries.ts';
import { AuditEntry, AuditFilters } from './schemas.ts';

export const audit = feature('/admin/audit', 'Admin: audit', [
  protectedRoute(
    ADMINS,
    {
      method: 'get',
      path: '',
      summary: 'Audit log, newest first',
      description:
        'Every change of a business row, written in the transaction of the change, and security events. An update contains ' +
        'only the changed columns. Both dates are included, in the time zone of the shop. `actor_user_id` is null for ' +
        'registrations, password resets and scheduled jobs. `actor_api_key_id` names the API key that acted for the user, if one did.',
      query: AuditFilters,
      paged: true,
      returns: AuditEntry,
    },
    (call, { query }) => listAudit(call, query),
  ),
]);
