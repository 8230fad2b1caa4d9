import type { Customer } from './customers.ts';
import type { Batch } from './site.ts';

/** A task for the load generator, which runs in its own process. */
export type Job =
  | { kind: 'http'; url: string; requests: HttpRequest[]; connections: number; seconds: number }
  | { kind: 'direct'; url: string; batches: Batch[]; connections: number; seconds: number }
  | { kind: 'purchase'; url: string; customers: Customer[]; products: number[]; slots: Booking[]; seconds: number };

/** A delivery slot on a date. */
export interface Booking {
  slotId: number;
  /** ISO 8601. */
  date: string;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Sends each request from a different address. */
  freshAddress?: true;
}

/** Milliseconds; `done` counts what succeeded. */
export interface Measured {
  done: number;
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** By step, for scenarios with several. */
  steps?: Record<string, { p50: number; p99: number }>;
  /** The response of the first failure. */
  failure?: string;
}

/** The median and the 99th percentile. */
export function summary(latencies: number[]): { p50: number; p99: number } {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}
