import pg from 'pg';

/** The gateway's counts for one database. */
export interface Traffic {
  trips: number;
  statements: number;
}

/** A fault of one database: after `skip` successful requests, `times` requests fail (all, when omitted). */
export interface Fault {
  mode: 'error' | 'drop' | 'hang';
  when?: 'before' | 'after';
  status?: number;
  ms?: number;
  skip?: number;
  times?: number;
}

/** Counts and faults, kept per database name. */
export class TrafficControl {
  delayMs: number;
  private readonly traffic = new Map<string, Traffic>();
  private readonly faults = new Map<string, Required<Fault>>();

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  count(database: string, statements: number): void {
    const seen = this.traffic.get(database);
    if (seen === undefined) {
      this.traffic.set(database, { trips: 1, statements });
      return;
    }
    seen.trips += 1;
    seen.statements += statements;
  }

  seen(database: string): Traffic {
    return this.traffic.get(database) ?? { trips: 0, statements: 0 };
  }

  forget(database: string): void {
    this.traffic.delete(database);
  }

  setFault(database: string, fault: Fault | null): void {
    if (fault === null) this.faults.delete(database);
    else this.faults.set(database, { when: 'before', status: 500, ms: 0, skip: 0, times: Infinity, ...fault });
  }

  /** The fault to apply to this request, if any. */
  takeFault(database: string): Required<Fault> | undefined {
    const fault = this.faults.get(database);
    if (fault === undefined) return undefined;
    if (fault.skip > 0) {
      fault.skip -= 1;
      return undefined;
    }
    if (fault.times <= 0) return undefined;
    fault.times -= 1;
    return fault;
  }
}

/** Clones and drops databases for tests, as the administrator of the cluster. */
export class DatabaseMaker {
  private readonly pool: pg.Pool;
  private made = 0;

  constructor(adminConnectionString: string) {
    this.pool = new pg.Pool({ connectionString: adminConnectionString, max: 2, allowExitOnIdle: true });
    this.pool.on('error', () => {});
  }

  async clone(template: string): Promise<string> {
    this.made += 1;
    const name = `${template}_${process.pid}_${this.made}`;
    const from = pg.escapeIdentifier(template);
    await this.pool.query(`create database ${pg.escapeIdentifier(name)} template ${from} strategy file_copy`);
    return name;
  }

  async drop(name: string): Promise<void> {
    await this.pool.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  }

  async end(): Promise<void> {
    await this.pool.end();
  }
}
