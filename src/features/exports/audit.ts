import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { csvDownload, EXPORT_PAGE, utc } from '../../csv-download.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { matchingAudit } from '../audit/queries.ts';
import type { AuditExport } from './schemas.ts';

interface Row {
  id: number;
  created_at: string;
  /** With microseconds, for the next page. */
  created: string;
  entity_type: string;
  entity_id: number | null;
  action: string;
  actor_user_id: number | null;
  actor_email: string | null;
  actor_api_key_id: number | null;
  old_value: unknown;
  new_value: unknown;
  context: unknown;
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** The audit log, oldest first; values as JSON. */
export const exportAudit = (call: SignedInCall, filters: z.output<typeof AuditExport>) =>
  csvDownload<Row>({
    name: 'audit',
    columns: {
      id: (row) => row.id,
      created_at: (row) => utc(row.created_at),
      entity_type: (row) => row.entity_type,
      entity_id: (row) => row.entity_id,
      action: (row) => row.action,
      actor_user_id: (row) => row.actor_user_id,
      actor_email: (row) => row.actor_email,
      actor_api_key_id: (row) => row.actor_api_key_id,
      old_value: (row) => json(row.old_value),
      new_value: (row) => json(row.new_value),
      context: (row) => json(row.context),
    },
    rowsAfter: async (last) => {
      // The first condition says where to go on, the second one which months that spares.
      const after =
        last &&
        sql`and (a.created_at, a.id) > (${last.created}::timestamptz, ${last.id}) and a.created_at >= ${last.created}::timestamptz`;
      const [rows] = await call.batch([
        statement<Row>(sql`
          select a.id::float8 as id, a.created_at, a.created_at::text as created, a.entity_type, a.entity_id, a.action, a.actor_user_id,
            u.email as actor_email, a.actor_api_key_id, a.old_value, a.new_value, a.context
          from (
            select a.created_at, a.id from audit_log a where ${matchingAudit(filters, call.config.timeZone)} ${after ?? sql``}
            order by a.created_at, a.id limit ${EXPORT_PAGE}
          ) page
          join audit_log a on a.created_at = page.created_at and a.id = page.id
          left join users u on u.id = a.actor_user_id
          order by a.created_at, a.id`),
      ]);
      return rows;
    },
  });
