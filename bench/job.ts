import type { Customer } from './customers.ts';
import type { Batch } from './site.ts';

/** What the load generator, a process of its own, is asked to do. */
export type Job =
  | { kind: 'http'; url: string; requests: HttpRequest[]; connections: number; seconds: number }
  | { kind: 'direct'; url: string; batches: Batch[]; connections: number; seconds: number }
  | { kind: 'purchase'; url: string; customers: Customer[]; products: number[]; slots: Booking[]; seconds: number };

/** A delivery slot on one of its days. */
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
  /** Gives each request an address of its own. */
  freshAddress?: true;
}

/** Milliseconds; `done` counts what succeeded. */
export interface Measured {
  done: number;
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Of each step, where there are several. */
  steps?: Record<string, { p50: number; p99: number }>;
  /** What the first failure answered. */
  failure?: string;
}

/** The median and what one in a hundred exceeds. */
export function summary(latencies: number[]): { p50: number; p99: number } {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}
