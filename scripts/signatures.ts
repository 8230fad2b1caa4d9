import pg from 'pg';

interface Field {
  name: string;
  /** The TypeScript type of the value as the driver returns it. */
  type: string;
  postgresType: string;
  isOptional?: boolean;
}

/** A function of the database that the Worker may call. */
export interface FunctionSignature {
  name: string;
  args: Field[];
  row: Field[];
}

/** The driver's types: instants and numbers that may exceed JavaScript's integers are returned as text. */
const TYPES: Record<string, string> = {
  bool: 'boolean',
  int4: 'number',
  float8: 'number',
  json: 'unknown',
  jsonb: 'unknown',
  _int4: 'number[]',
  _text: 'string[]',
};
const typescriptOf = (postgresType: string): string => TYPES[postgresType] ?? 'string';

/** A column such that JSON has the value that the driver would return: what that is text for, and JSON's number or ISO 8601, is cast. */
export const columnForJson = ({ name, postgresType }: Field): string =>
  postgresType in TYPES || postgresType === 'text' ? name : `${name}::text`;

/** A function's comment names the nullable columns of its result: `comment on function f is 'nullable: a, b'`. */
const NULLABLE = /^nullable: (.+)$/m;

/** The functions that are not triggers and have plain argument and result types, read from a migrated database. */
export async function readSignatures(connectionString: string): Promise<FunctionSignature[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{
      name: string;
      names: string[] | null;
      modes: string[] | null;
      types: string[];
      defaults: number;
      result: string;
      comment: string | null;
    }>(`
      select p.proname as name, p.proargnames as names, p.proargmodes::text[] as modes,
        array(select t.typname::text from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a (oid, n)
              join pg_type t on t.oid = a.oid order by a.n) as types,
        p.pronargdefaults as defaults, r.typname as result, obj_description(p.oid, 'pg_proc') as comment
      from pg_proc p join pg_type r on r.oid = p.prorettype
      where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and r.typname <> 'trigger' and r.typtype <> 'c'
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      order by p.proname`);
    return rows.map(({ name, names, modes, types, defaults, result, comment }) => {
      const nullable = new Set(NULLABLE.exec(comment ?? '')?.[1]?.split(', '));
      const all = types.map((type, i) => ({
        name: names?.[i] ?? `a${i}`,
        mode: modes?.[i] ?? 'i',
        type: typescriptOf(type),
        postgresType: type,
      }));
      const given = all.filter(({ mode }) => mode === 'i');
      const columns = all.filter(({ mode }) => mode === 't' || mode === 'o');
      return {
        name,
        args: given.map(({ name, type, postgresType }, i) => ({
          name: name.replace(/^p_/, ''),
          type: `${type} | null`,
          postgresType,
          isOptional: i >= given.length - defaults,
        })),
        row: (columns.length > 0 ? columns : [{ name, type: typescriptOf(result), postgresType: result }]).map(
          ({ name, type, postgresType }) => ({
            name,
            type: nullable.has(name) ? `${type} | null` : type,
            postgresType,
          }),
        ),
      };
    });
  } finally {
    await client.end();
  }
}
