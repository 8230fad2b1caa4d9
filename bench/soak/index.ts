import { parseArgs } from 'node:util';
import { fail, finish, keep } from '../running.ts';
import { Figures, pause } from './caller.ts';
import { databaseFaults, providerFaults, scheduledRuns, workerKills } from './faults.ts';
import { Followers } from './followers.ts';
import { type Action, type ConfirmedOrder, customer, floor, pricer, stockroom, treasurer } from './people.ts';
import { CUSTOMERS, openStage, type Stage } from './stage.ts';
import { findProblems, settleEverything } from './verdict.ts';

/** Runs all roles for some minutes while every dependency fails at random, then checks the data. Not part of CI. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 120)) throw new Error('--minutes takes a number up to 120');

const say = (line: string) => console.error(`· ${line}`);
const figures = new Figures();
const confirmed: ConfirmedOrder[] = [];

async function soak(): Promise<boolean> {
  say('Starting PostgreSQL, the gateway, a payment provider and the production bundle on workerd…');
  const stage = await openStage(keep);
  const followers = new Followers(stage, figures);
  const actions = [...(await createActions(stage)), ...(await followers.start(confirmed))];
  say(`${CUSTOMERS} customers, two managers and all kinds of faults for ${minutes} minutes…`);
  const end = Date.now() + minutes * 60_000;
  await Promise.all(actions.map((action) => repeat(action, end)));
  say('No more faults; the jobs finish open work…');
  const open = await settleEverything(stage);
  const problems = { ...(await findProblems(stage, confirmed)), ...(await followers.problems()) };
  report(open, problems);
  return Object.keys(open).length === 0 && Object.keys(problems).length === 0 && figures.unexplained.length === 0;
}

async function createActions(stage: Stage): Promise<Action[]> {
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => customer(stage, figures, i + 1, confirmed));
  const people = await Promise.all([
    ...customers,
    floor(figures),
    floor(figures),
    stockroom(figures),
    treasurer(figures),
    pricer(figures),
  ]);
  return [
    ...people,
    ...[databaseFaults, providerFaults, workerKills, scheduledRuns].map((source) => source(stage, figures)),
  ];
}

async function repeat(action: Action, end: number): Promise<void> {
  while (Date.now() < end) {
    try {
      await action();
    } catch (error) {
      figures.unexplained.push(String(error instanceof Error ? error.stack : error));
      await pause(1_000);
    }
  }
}

function report(open: object, problems: object): void {
  for (const [name, count] of Object.entries(figures.counts).toSorted(([a], [b]) => a.localeCompare(b))) {
    console.log(`${count.toLocaleString('en').padStart(10)}  ${name}`);
  }
  const show = (title: string, found: object) => {
    const isGood = Object.keys(found).length === 0;
    console.log(`\n${title}: ${isGood ? 'none' : JSON.stringify(found, null, 2)}`);
  };
  show('Left open', open);
  show('Broken invariants', problems);
  show('Unexplained responses', figures.unexplained.slice(0, 10));
}

soak().then((isGood) => finish(isGood ? 0 : 1), fail);
