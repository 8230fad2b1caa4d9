import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { cpuOf } from './cpu.ts';
import type { Job, Measured } from './load.ts';
import { DATABASE, type Site } from './site.ts';

/** A line of the results. */
export interface Result extends Measured {
  name: string;
  variant: string;
  trips: number;
  statements: number;
  /** Milliseconds of processor time for each request: the Worker's, and PostgreSQL's. */
  workerCpu: number;
  databaseCpu: number;
}

/** The load generator in its own process, and the gateway's counts beside it. */
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
    const ended = new Promise((done) => this.#load.once('exit', done));
    this.#load.kill();
    await ended;
  }

  /** Warms up, then measures. */
  async measure(name: string, variant: string, job: Job): Promise<Result> {
    await this.#run({ ...job, seconds: this.#warmUpSeconds });
    const { control } = this.#site.gateway;
    control.forget(DATABASE);
    const before = await this.#cpu();
    const measured = await this.#run(job);
    const after = await this.#cpu();
    const { trips, statements } = control.seen(DATABASE);
    const each = (count: number, digits = 100) => Math.round((count / Math.max(1, measured.done)) * digits) / digits;
    return {
      name,
      variant,
      ...measured,
      trips: each(trips),
      statements: each(statements),
      workerCpu: each(after.worker - before.worker, 1000),
      databaseCpu: each(after.database - before.database, 1000),
    };
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
