import * as z from 'zod';

export const WebhookParams = z.object({ provider: z.string().max(64).meta({ example: 'stripe' }) });

export const Received = z.object({ received: z.literal(true) }).meta({ id: 'WebhookReceived' });

export const ActionParams = z.object({
  key: z
    .string()
    .regex(/^[\w-]{1,128}$/, 'must be the key of a payment')
    .meta({ example: 'MS-261126-ABCDEFGH' }),
});

const PASSED = ['success', 'succeed', 'succeeded', 'approve', 'approved'] as const;
const FAILED = ['failure', 'fail', 'failed', 'decline', 'declined'] as const;

/** Whether the customer passed the bank's check. */
export const ActionQuery = z.object({
  outcome: z
    .enum([...PASSED, ...FAILED])
    .transform((word) => PASSED.some((passed) => passed === word))
    .meta({ type: 'string', example: 'success' }),
});

export const Settled = z.object({ settled: z.literal(true) }).meta({ id: 'ActionSettled' });
