import type { Behaviour } from '../../test/support/fake-payment-provider.ts';
import { below, chance, type Figures, pause, pick } from './caller.ts';
import type { Action } from './people.ts';
import type { Stage } from './stage.ts';

/** Makes a few database requests at a time fail, before or after their work is done. */
export const databaseFaults =
  (stage: Stage, figures: Figures): Action =>
  async () => {
    stage.gateway.control.setFault(stage.database, {
      mode: pick(['error', 'drop', 'hang']),
      when: pick(['before', 'after']),
      ms: below(600),
      skip: below(20),
      times: 1 + below(4),
    });
    figures.count('faults of the database');
    await pause(1_500);
  };

const BEHAVIOURS: Behaviour[] = [
  ...(['timeout_after_charge', 'timeout_before_charge', 'answer_twice', 'late', 'late_charge', 'error_500'] as const),
  ...(['error_500_after_charge', 'drop', 'drop_after_charge', 'garbage'] as const),
];

/** Makes the payment provider fail in different ways. */
export const providerFaults =
  (stage: Stage, figures: Figures): Action =>
  async () => {
    const on = pick(['charge', 'authorize', 'capture', 'find', 'refund', 'void'] as const);
    await stage.payments.script({ behaviour: pick(BEHAVIOURS), on, ms: pick([200, 900, 8_000]) });
    figures.count('faults of the provider');
    await pause(700);
  };

/** Kills the Worker at arbitrary moments. */
export const workerKills =
  (stage: Stage, figures: Figures): Action =>
  async () => {
    await pause(12_000);
    await stage.crash();
    figures.count('kills');
  };

/** Runs the scheduled jobs, sometimes two runs at the same time. */
export const scheduledRuns =
  (stage: Stage, figures: Figures): Action =>
  async () => {
    await stage.expireLeases();
    const runs = await Promise.all([
      stage.scheduled('*/5 * * * *'),
      ...(chance(0.3) ? [stage.scheduled('*/5 * * * *')] : []),
      ...(chance(0.2) ? [stage.scheduled('0 * * * *')] : []),
    ]);
    for (const isGood of runs) figures.count(isGood ? 'runs of the jobs' : 'runs of the jobs that failed');
    await pause(3_000);
  };
