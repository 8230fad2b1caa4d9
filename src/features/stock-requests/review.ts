import type { ErrorCode } from '../../errors.ts';

export const REQUEST_TYPES = ['SET_QUANTITY', 'ADD_QUANTITY'] as const;
export const MAX_REQUESTED = 10_000;

export interface Decision {
  status: 'APPROVED' | 'REJECTED';
  approved_quantity?: number | null | undefined;
  rejection_reason?: string | null | undefined;
}

/** What is wrong with a decision, whatever request it is about. */
export function faultOf({ status, approved_quantity, rejection_reason }: Decision): ErrorCode | undefined {
  const quantity = approved_quantity ?? null;
  if (status === 'REJECTED') return !rejection_reason || quantity !== null ? 'INVALID_REJECTION' : undefined;
  if (rejection_reason) return 'INVALID_REJECTION';
  const isPossible = quantity === null || (Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_REQUESTED);
  return isPossible ? undefined : 'INVALID_QUANTITY';
}
