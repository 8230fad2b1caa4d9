import type { Client } from 'pg';

export type Row = Record<string, unknown>;

/** Inserts all rows in one statement, typed by the table. All rows must have the keys of the first one. */
export async function insertRows(client: Client, table: string, rows: Row[]): Promise<void> {
  const first = rows[0];
  if (!first) return;
  const columns = Object.keys(first).join(', ');
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(rows)],
  );
}

/** Advances every id sequence past the explicitly inserted ids. */
export async function advanceSequences(client: Client): Promise<void> {
  await client.query(`
    do $$
    declare
      target record;
    begin
      for target in
        select table_name, pg_get_serial_sequence(table_name, 'id') as sequence
        from information_schema.columns
        where table_schema = 'public' and column_name = 'id' and is_identity = 'YES'
      loop
        execute format('select setval(%L, (select max(id) from %I)) where exists (select from %2$I)',
                       target.sequence, target.table_name);
      end loop;
    end $$`);
}

/** Both seeds assign ids themselves, so they require a freshly migrated database. */
export async function refuseUsedDatabase(client: Client): Promise<void> {
  const { rows } = await client.query('select exists (select from users) as is_used');
  if (rows[0].is_used) throw new Error('The database has users already; the seed wants an empty one.');
}
