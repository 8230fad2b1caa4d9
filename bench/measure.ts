import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { cpuOf } from './cpu.ts';
import type { Job, Measured } from './job.ts';
import { DATABASE, type Site } from './site.ts';

/** A line of the results. */
export interface Result extends Measured {
  name: string;
  variant: string;
  trips: number;
  statements: number;
  /** Processor time per request in milliseconds: the Worker's and PostgreSQL's. */
  workerCpu: number;
  databaseCpu: number;
}

/** Totals as counted, not yet divided by the number of requests. */
type Slice = Omit<Result, 'name' | 'variant'>;

const TURNS = 3;

/** The latencies of the median turn, so that a disturbed turn does not count. */
function whole(slices: Slice[]): Slice {
  const sum = (of: (slice: Slice) => number) => slices.reduce((total, slice) => total + of(slice), 0);
  const middle = slices.toSorted((a, b) => a.p50 - b.p50)[Math.floor(slices.length / 2)];
  const done = sum((slice) => slice.done);
  const each = (of: (slice: Slice) => number, digits: number) =>
    Math.round((sum(of) / Math.max(1, done)) * digits) / digits;
  const failure = slices.find((slice) => slice.failure)?.failure;
  return {
    done,
    failed: sum((slice) => slice.failed),
    perSecond: Math.round(sum((slice) => slice.perSecond) / slices.length),
    p50: middle?.p50 ?? 0,
    p99: middle?.p99 ?? 0,
    ...(middle?.steps && { steps: middle.steps }),
    ...(failure && { failure }),
    trips: each((slice) => slice.trips, 100),
    statements: each((slice) => slice.statements, 100),
    workerCpu: each((slice) => slice.workerCpu, 1000),
    databaseCpu: each((slice) => slice.databaseCpu, 1000),
  };
}

/** Runs the load generator in its own process and reads the gateway's counts. */
export class Meter {
  readonly #site: Site;
  readonly #load: ChildProcess;
  readonly #warmUpSeconds: number;

  constructor(site: Site, warmUpSeconds: number) {
    this.#site = site;
    this.#warmUpSeconds = warmUpSeconds;
    this.#load = fork(join(import.meta.dirname, 'load.ts'));
  }

  async stop(): Promise<void> {
    if (this.#load.exitCode !== null || this.#load.signalCode !== null) return;
    const ended = new Promise((done) => this.#load.once('exit', done));
    this.#load.kill();
    await ended;
  }

  /**
   * Warms each variant up, then measures them alternately in short turns, so that disturbances affect all of them. A single
   * variant is measured in one piece.
   */
  async measure(name: string, variants: [variant: string, job: Job][]): Promise<Result[]> {
    const slices = new Map<string, Slice[]>();
    for (const [, job] of variants) await this.warmUp(job);
    const turns = variants.length > 1 ? TURNS : 1;
    for (let turn = 0; turn < turns; turn++) {
      for (const [variant, job] of variants) {
        const slice = await this.#slice({ ...job, seconds: job.seconds / turns });
        slices.set(variant, [...(slices.get(variant) ?? []), slice]);
      }
    }
    return [...slices].map(([variant, parts]) => ({ name, variant, ...whole(parts) }));
  }

  async warmUp(job: Job, seconds = this.#warmUpSeconds): Promise<void> {
    await this.#run({ ...job, seconds });
  }

  async #slice(job: Job): Promise<Slice> {
    const { control } = this.#site.gateway;
    control.forget(DATABASE);
    const before = await this.#cpu();
    const measured = await this.#run(job);
    const after = await this.#cpu();
    const cpu = { workerCpu: after.worker - before.worker, databaseCpu: after.database - before.database };
    return { ...measured, ...control.seen(DATABASE), ...cpu };
  }

  async #cpu() {
    const { worker, database } = this.#site.processes;
    return { worker: await cpuOf(worker), database: await cpuOf(database) };
  }

  #run(job: Job): Promise<Measured> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('The load generator has ended.'));
      this.#load.once('exit', fail);
      this.#load.once('message', (measured) => {
        this.#load.off('exit', fail);
        resolve(measured as Measured);
      });
      this.#load.send(job);
    });
  }
}
