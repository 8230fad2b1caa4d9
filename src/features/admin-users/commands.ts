import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, onlyRow } from '../../db/change.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import { beginRequest, type SignedInCall } from '../../http/context.ts';
import { ADMINS } from '../../http/route.ts';
import { branchExists } from '../admin-branches/commands/branches.ts';
import { hashPassword } from '../auth/passwords.ts';
import { reviewedBy } from '../catalog/reviews.ts';
import { userWhere } from './queries.ts';
import type { NewStaff, UserChange } from './schemas.ts';

export async function createStaff(call: SignedInCall, { password, ...columns }: z.output<typeof NewStaff>) {
  const password_hash = await hashPassword(password, call.config.bcryptCost);
  const [, , rows] = await call.batch([
    branchExists(columns.default_branch_id),
    insertRow('users', { ...columns, password_hash }),
    userWhere(sql`email = ${columns.email}`),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export const changeUser = (call: SignedInCall, id: number, change: z.output<typeof UserChange>) => {
  const { role = null, is_active = null, ...fields } = change;
  const isActive = is_active === null ? sql`is_active` : sql`${is_active}::boolean`;
  return applyChange(call, id, { role: sql`coalesce(${role}::text, role)`, isActive, fields });
};

export const toggleUser = (call: SignedInCall, id: number, wanted: boolean | null) =>
  applyChange(call, id, {
    role: sql`role`,
    isActive: sql`coalesce(${wanted}::boolean, not is_active)`,
    fields: {},
  });

interface Change {
  /** The new values, as SQL expressions over the user's row. */
  role: SQL;
  isActive: SQL;
  fields: Omit<z.output<typeof UserChange>, 'role' | 'is_active'>;
}

type Refusal = 'CANNOT_MODIFY_SELF_ROLE' | 'CANNOT_DEACTIVATE_SELF' | 'LAST_ADMIN';

/**
 * Refusals do not raise, because a denied role change must stay in the audit log.
 * Triggers end the user's sessions and protect the last administrator.
 */
async function applyChange(call: SignedInCall, id: number, change: Change) {
  const [, , , , , [verdict], rows, [reviews]] = await call.batch([
    // Serializes administrators who change each other at the same time.
    statement(sql`select pg_advisory_xact_lock(hashtext('last_admin'))`),
    // Checked again: the caller may have been deactivated while waiting for the lock.
    beginRequest(call.user, { roles: ADMINS, needsTotp: true }, call.requestId),
    statement(sql`select from users where id = ${id} for no key update`),
    branchExists(change.fields.default_branch_id),
    setSwitchAction(id, change),
    statement<{ refusal: Refusal | null }>(sql`
      with target as (
        select id, role, is_active, ${change.role} as new_role, ${change.isActive} as new_state
        from users where id = ${id}
      ), verdict as (
        select *, ${REFUSAL} as refusal from target
      ), denied as (
        insert into audit_log (entity_type, entity_id, action, context)
        select 'user', id, 'ACCESS_DENIED', jsonb_build_object(
          'request_id', current_request(), 'reason', refusal, 'role', role, 'wanted_role', new_role)
        from verdict where refusal is not null and new_role <> role
      ), changed as (
        update users u set role = verdict.new_role, is_active = verdict.new_state, ${assignments(change.fields)}
        from verdict where u.id = verdict.id and verdict.refusal is null
      )
      select refusal from verdict`),
    userWhere(sql`id = ${id}`),
    statement<{ reviewed: number[] }>(sql`select ${reviewedBy(id)} as reviewed`),
  ]);
  call.productsChanged(change.fields.full_name === undefined ? [] : (reviews?.reviewed ?? []));
  if (verdict?.refusal) throw new AppError(verdict.refusal);
  return onlyRow(rows, 'USER_NOT_FOUND');
}

const REFUSAL = sql`
  case
    when id = current_actor() and new_role <> role then 'CANNOT_MODIFY_SELF_ROLE'
    when id = current_actor() and not new_state then 'CANNOT_DEACTIVATE_SELF'
    when role = 'ADMIN' and is_active and not (new_role = 'ADMIN' and new_state)
      and not exists (select from users o where o.role = 'ADMIN' and o.is_active and o.id <> target.id)
      then 'LAST_ADMIN'
  end`;

const setSwitchAction = (id: number, { isActive }: Change): Statement =>
  statement(sql`
    select set_audit_action('user', case when target then 'ACTIVATE' else 'DEACTIVATE' end)
    from (select is_active, ${isActive} as target from users where id = ${id}) locked
    where target <> is_active`);
