import type { NeonOptions } from './neon.ts';

/** Arguments of every program that starts a gateway; `neonOptions` reads them. */
export const neonFlags = {
  'like-neon': { type: 'boolean', default: false },
  compute: { type: 'string', default: '0.25' },
  hop: { type: 'string', default: '0' },
  wake: { type: 'string', default: '500' },
  'suspend-after': { type: 'string', default: '300' },
} as const;

type Values = { 'like-neon': boolean } & Record<'compute' | 'hop' | 'wake' | 'suspend-after', string>;

/** Milliseconds, except `--compute` in CU and `--suspend-after` in seconds. */
export const neonOptions = (values: Values): NeonOptions | undefined =>
  values['like-neon']
    ? {
        size: values.compute,
        hopMs: Number(values.hop),
        wakeMs: Number(values.wake),
        suspendAfterMs: Number(values['suspend-after']) * 1000,
      }
    : undefined;
