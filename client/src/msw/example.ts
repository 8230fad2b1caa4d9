import type { Operations } from '../generated/operations.gen.ts';

export interface Refusal {
  error: { code: string; message: string; status_code: number; details: Record<string, unknown> };
}

/** A route with the answer that the document gives as its example; a WebSocket has none. */
interface Example<Body> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  status?: number;
  type?: string;
  body?: Body;
}

export type Examples = { [Name in keyof Operations]: Example<Operations[Name]['success']> };
