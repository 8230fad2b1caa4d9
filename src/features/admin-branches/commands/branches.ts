import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, jsonObject, onlyRow, switchActive } from '../../../db/change.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import { isSameName } from '../../../db/text.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { branchWhere } from '../queries.ts';
import type { BranchChange, NewBranch } from '../schemas.ts';

const columnsOf = ({ translations, ...columns }: z.output<typeof BranchChange>) => ({
  ...columns,
  translations: jsonObject(translations),
});

/** Passes when no branch is given. */
export const branchExists = (id: number | null | undefined): Statement =>
  guard(sql`${id ?? null}::int is null or exists (select from branches where id = ${id ?? null})`, 'BRANCH_NOT_FOUND');

export async function createBranch(call: SignedInCall, body: z.output<typeof NewBranch>) {
  const [, rows] = await call.batch([
    insertRow('branches', columnsOf(body)),
    branchWhere(isSameName(sql`name`, body.name)),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export async function changeBranch(call: SignedInCall, id: number, body: z.output<typeof BranchChange>) {
  const [, rows] = await call.batch([
    statement(sql`update branches set ${assignments(columnsOf(body))} where id = ${id}`),
    branchWhere(sql`id = ${id}`),
  ]);
  return onlyRow(rows, 'BRANCH_NOT_FOUND');
}

export async function toggleBranch(call: SignedInCall, id: number, wanted: boolean | null) {
  const isSource = id === call.config.deliverySourceBranchId;
  const [, , , rows] = await call.batch([
    ...switchActive({ table: 'branches', entity: 'branch', id, wanted }),
    guard(
      sql`not ${isSource}::boolean or coalesce((select is_active from branches where id = ${id}), true)`,
      'DELIVERY_SOURCE_BRANCH',
    ),
    branchWhere(sql`id = ${id}`),
  ]);
  return onlyRow(rows, 'BRANCH_NOT_FOUND');
}
