import { type Allowance, type Services, systemBatch } from '../../background.ts';
import { LAST_WAIT_SECONDS, retryDelaySeconds } from '../../backoff.ts';
import type { Statement } from '../../db/statement.ts';
import { describeFailure, logLine } from '../../log.ts';
import { PaymentOutcomeUnknown } from '../../payments/index.ts';

const AT_ONCE = 5;

export interface Outcome<Became extends string> {
  became: Became;
  record: Statement;
}

interface Work<Due, Became extends string> {
  /** Claims at most so many. */
  claim: (limit: number) => Statement<Due>;
  /** Requests to the provider, at most, for one. */
  requestsEach: number;
  /** How many became what; starts at zero. */
  counts: Record<Became, number>;
  settle: (due: Due) => Promise<Outcome<Became>>;
}

/** Claims what is due at a provider, asks for a few at a time, and records the results together. */
export async function settleDue<Due, Became extends string>(
  services: Services,
  allowance: Allowance,
  { claim, requestsEach, counts, settle }: Work<Due, Became>,
): Promise<Record<Became, number>> {
  // The claim, the records, and the provider.
  while (allowance.take(2 + AT_ONCE * requestsEach)) {
    const [due] = await systemBatch(services)([claim(AT_ONCE)]);
    if (due.length === 0) break;
    const outcomes = await Promise.all(due.map(settle));
    await systemBatch(services)(outcomes.map(({ record }) => record));
    for (const { became } of outcomes) counts[became] += 1;
    if (due.length < AT_ONCE) break;
  }
  return counts;
}

/** The provider's answer; UNKNOWN, with a line in the log, when there is none. */
export async function askProvider<Result>(
  { requestId }: Services,
  what: { job: string; [id: string]: string | number },
  request: () => Promise<Result>,
): Promise<Result | 'UNKNOWN'> {
  try {
    return await request();
  } catch (error) {
    const why = error instanceof PaymentOutcomeUnknown ? { reason: error.reason } : describeFailure(error);
    logLine('warn', { ...what, request_id: requestId, ...why });
    return 'UNKNOWN';
  }
}

/** Seconds until the next try of what comes again without end. */
export const waitAfter = (attempts: number): number => retryDelaySeconds(attempts) ?? LAST_WAIT_SECONDS;
