import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { commitOf, moduleOf } from './build.ts';
import { signIn } from './customers.ts';
import { Meter, type Result } from './measure.ts';
import { purchasesOf } from './purchase.ts';
import { fail, finish, keep } from './running.ts';
import { FEW, READERS } from './site.ts';
import { median, turnsOf } from './turns.ts';

// Processor time of all programs for a purchase, this build against another one in turns: each with its own PostgreSQL, gateway and
// workerd, started by its own bench, and the same number of customers.

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '31' },
    /** Of a turn. */
    seconds: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
const before = values.against;
if (before === undefined) throw new Error('--against names the directory of the build to compare with.');
const after = resolve(import.meta.dirname, '..');
const WARM_UP_SECONDS = 10;
/** Where this build's services listen: an older build's bench knows only the default ports. */
const FIRST_PORT = 18_797;
const say = (line: string) => console.error(`· ${line}`);

interface Shop {
  /** Buys for so many seconds. */
  turn(seconds: number): Promise<Result>;
}

async function shopOf(directory: string, firstPort?: number): Promise<Shop> {
  say(`Opening the site of ${directory} …`);
  const bench = await moduleOf<typeof import('./site.ts')>(directory, 'bench/site.ts');
  const options = { products: 2_000, fsync: false, objectDelayMs: 0, onProgress: say, keep };
  const site = await bench.openSite({ ...options, ...(firstPort && { firstPort }) });
  const meter = new Meter(site, 0);
  keep(meter);
  const customers = (await signIn(site)).slice(READERS, READERS + FEW);
  const job = { ...(await purchasesOf(site)), customers };
  const turn = async (seconds: number) => {
    const [result] = await meter.measure('purchase', [['turn', { ...job, seconds }]]);
    if (!result?.done || result.failed > 0) throw new Error(`Purchases fail: ${result?.failure}`);
    return result;
  };
  // As in the bench itself: `vacuum analyze` stands for autovacuum, and the Worker's compiler needs a while.
  await turn(WARM_UP_SECONDS);
  await site.ask('vacuum analyze');
  await turn(WARM_UP_SECONDS);
  return { turn };
}

type Cpu = Record<'worker' | 'database' | 'all', number>;
const cpuOf = ({ workerCpu: worker, databaseCpu: database }: Result): Cpu => ({
  worker,
  database,
  all: worker + database,
});

async function bench(): Promise<void> {
  const shops = { before: await shopOf(before ?? ''), after: await shopOf(after, FIRST_PORT) };
  const turn = (shop: Shop) => async () => cpuOf(await shop.turn(Number(values.seconds)));
  const turns = await turnsOf(Number(values.rounds), turn(shops.before), turn(shops.after));
  const of = (program: keyof Cpu) => ({
    before: median(turns.map((turn) => turn.before[program])),
    after: median(turns.map((turn) => turn.after[program])),
    ratio: median(turns.map((turn) => turn.after[program] / turn.before[program])),
  });
  const result = { worker: of('worker'), database: of('database'), all: of('all') };
  for (const [program, { before, after, ratio }] of Object.entries(result)) {
    console.log(`${program}: ${before.toFixed(2)} → ${after.toFixed(2)} ms, median of the ratios ${ratio.toFixed(3)}`);
  }
  if (!values.out) return;
  const at = new Date().toISOString();
  const unit = 'ms of processor time for a purchase: product into the cart, preview, confirm';
  const kept = { at, before: commitOf(before ?? ''), after: commitOf(after), unit, ...result, turns };
  await writeFile(values.out, `${JSON.stringify(kept, null, 2)}\n`);
}

bench().then(() => finish(0), fail);
