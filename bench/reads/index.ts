import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startGateway } from '../../scripts/gateway.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import { commitOf, toolsOf } from '../build.ts';
import { fail, finish, keep } from '../running.ts';
import { backendCpu, inTurns } from '../turns.ts';
import { type Reader, readerOf } from './build.ts';
import { compared, MEASURED } from './requests.ts';

// Processor time of PostgreSQL for each kind of public read, this build against another one in turns: each on its own connection and
// its own copy of the same database. First compares the answers of both.

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    products: { type: 'string', default: '2000,100000' },
    rounds: { type: 'string', default: '9' },
    out: { type: 'string' },
  },
});
const before = values.against;
if (before === undefined) throw new Error('--against names the directory of the build to compare with.');
const after = resolve(import.meta.dirname, '../..');
/** Requests of one kind that a build answers in its turn. */
const PER_TURN = 60;
const say = (line: string) => console.error(`· ${line}`);

Object.assign(globalThis, { CRASH_TESTS: false });

async function bench(): Promise<void> {
  // Room for both databases, so that neither build waits for pages that the other has pushed out.
  const postgres = await startPostgres({ settings: ['shared_buffers=1GB'] });
  keep(postgres);
  const gateway = await startGateway({ maxConnections: 1, socketDirectory: postgres.socketDirectory });
  keep(gateway);
  const sizes: Record<string, unknown> = {};
  for (const products of values.products.split(',')) {
    const [old, now] = await prepare(postgres.connectionString, Number(products));
    const readers = {
      before: await readerOf(before ?? '', old, gateway.url),
      after: await readerOf(after, now, gateway.url),
    };
    const answers = await compare(readers);
    const reads: Record<string, unknown> = {};
    for (const name of Object.keys(MEASURED)) reads[name] = await measure(name, readers);
    sizes[products] = { ...answers, reads };
  }
  const result = {
    at: new Date().toISOString(),
    before: commitOf(before ?? ''),
    after: commitOf(after),
    unit: 'ms of processor time of PostgreSQL',
    sizes,
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out) await writeFile(values.out, text);
  console.log(text);
}

/** A database filled by the other build, and a copy that is migrated by this one. */
async function prepare(adminUrl: string, products: number): Promise<[before: string, after: string]> {
  say(`Filling a database with ${products} products …`);
  const [older, newer] = [await toolsOf(before ?? ''), await toolsOf(after)];
  const url = await older.makeMigrated(adminUrl, `before_${products}`);
  await older.seedProducts(url, { products, customers: 16 });
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database after_${products} template before_${products} strategy file_copy`);
  await admin.end();
  const copy = url.replace('/before_', '/after_');
  await newer.migrate(copy);
  for (const each of [url, copy]) {
    const client = new pg.Client({ connectionString: each });
    await client.connect();
    await client.query('vacuum analyze');
    await client.end();
  }
  return [url, copy];
}

interface Readers {
  before: Reader;
  after: Reader;
}

async function compare({ before, after }: Readers) {
  const counts = { compared: 0, different: 0 };
  for (const [name, read] of compared()) {
    const [was, is] = [await read(before), await read(after)];
    counts.compared += 1;
    if (was === is) continue;
    counts.different += 1;
    say(`${name}\n  before ${was.slice(0, 400)}\n  after  ${is.slice(0, 400)}`);
  }
  say(`${counts.compared} answers compared, ${counts.different} different`);
  return counts;
}

/** The median of the ratios of neighbouring turns, and the shortest time of each build. */
async function measure(name: string, readers: Readers) {
  const reads = MEASURED[name] ?? [];
  const turn = async (reader: Reader) => {
    const repeats = Math.ceil(PER_TURN / reads.length);
    const start = await backendCpu(reader.backend);
    for (let repeat = 0; repeat < repeats; repeat++) for (const read of reads) await read(reader);
    return ((await backendCpu(reader.backend)) - start) / (repeats * reads.length);
  };
  const times = await inTurns(
    Number(values.rounds),
    () => turn(readers.before),
    () => turn(readers.after),
  );
  const result = {
    before: Number(times.before.toFixed(3)),
    after: Number(times.after.toFixed(3)),
    ratio: Number(times.ratio.toFixed(2)),
  };
  say(`${name.padEnd(26)} ${result.before.toFixed(3)} → ${result.after.toFixed(3)}   ${result.ratio}`);
  return result;
}

bench().then(() => finish(0), fail);
