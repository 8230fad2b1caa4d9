import type { Shop } from './shop.ts';

/** Names the lock that tells that the steps are done; nobody else takes it. */
const DONE = 4711;

/**
 * Does `steps` (PL/pgSQL) in a transaction of somebody else, begins `work` once they are done, and commits when `work`
 * waits for that transaction and `until` holds: the order of events that a race would need luck for.
 */
export async function overlap<T>(
  shop: Shop,
  { steps, until = 'true' }: { steps: string; until?: string },
  work: () => Promise<T>,
): Promise<T> {
  const other = shop.sql(`
    do $$
    begin
      ${steps};
      perform pg_advisory_xact_lock(${DONE});
      for attempt in 1..1000 loop
        if (${until}) and exists (
          select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))
        ) then return; end if;
        perform pg_sleep(0.005);
      end loop;
      raise exception 'nobody waited';
    end $$`);
  const isDone = `
    select exists (select from pg_locks where locktype = 'advisory' and objid = ${DONE} and granted
      and database = (select oid from pg_database where datname = current_database())) as done`;
  while (!(await shop.sql<{ done: boolean }>(isDone))[0]?.done);
  const [answer] = await Promise.all([work(), other]);
  return answer;
}
