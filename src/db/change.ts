import { type SQL, sql } from 'drizzle-orm';
import { AppError, type ErrorCode } from '../errors.ts';
import { type Statement, statement } from './statement.ts';

type Table =
  | 'products'
  | 'scheduled_prices'
  | 'categories'
  | 'branches'
  | 'delivery_slots'
  | 'users'
  | 'settings'
  | 'promotions';
type Fields = Record<string, string | number | boolean | SQL | null | undefined>;

const sent = (fields: Fields) => Object.entries(fields).filter(([, value]) => value !== undefined);

/** `name = …, price = …, updated_at = now()` for the defined fields. Column names come from a strict schema. */
export const assignments = (fields: Fields): SQL =>
  sql.join(
    [...sent(fields).map(([column, value]) => sql`${sql.identifier(column)} = ${value}`), sql`updated_at = now()`],
    sql`, `,
  );

/** Inserts a row with the defined fields. */
export function insertRow(table: Table, fields: Fields): Statement {
  const columns = sent(fields).map(([column]) => sql.identifier(column));
  const values = sent(fields).map(([, value]) => sql`${value}`);
  return statement(sql`insert into ${sql.identifier(table)} (${sql.join(columns, sql`, `)})
                       values (${sql.join(values, sql`, `)})`);
}

/** A JSON object as a value of a column that is never null: null empties it. */
export const jsonObject = (value: object | null | undefined): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value ?? {});

interface Switchable {
  table: Table;
  entity: string;
  id: number;
  /** Null toggles the present state. */
  wanted: boolean | null;
}

/** Activates or deactivates a row and sets the audit action accordingly. A row already in that state is not updated. */
export function switchActive({ table, entity, id, wanted }: Switchable): [Statement, Statement] {
  const name = sql.identifier(table);
  const target = sql`coalesce(${wanted}::boolean, not is_active)`;
  return [
    statement(sql`
      select set_audit_action(${entity}, case when locked.target then 'ACTIVATE' else 'DEACTIVATE' end)
      from (select ${target} as target from ${name} where id = ${id} for update) locked`),
    statement(sql`update ${name} set is_active = ${target}, updated_at = now()
                  where id = ${id} and is_active <> ${target}`),
  ];
}

/** The single row of a result. @throws AppError when there is none */
export function onlyRow<Row>([row]: Row[], otherwise: ErrorCode): Row {
  if (row === undefined) throw new AppError(otherwise);
  return row;
}
