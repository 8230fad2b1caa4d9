import type { ErrorCode } from '../../errors.ts';
import { MAX_UNITS } from '../../limits.ts';

export interface Decision {
  status: 'APPROVED' | 'REJECTED';
  approved_quantity?: number | null | undefined;
  rejection_reason?: string | null | undefined;
}

/** The error of a decision that is invalid for any request. */
export function faultOf({ status, approved_quantity, rejection_reason }: Decision): ErrorCode | undefined {
  const quantity = approved_quantity ?? null;
  if (status === 'REJECTED') return !rejection_reason || quantity !== null ? 'INVALID_REJECTION' : undefined;
  if (rejection_reason) return 'INVALID_REJECTION';
  const isPossible = quantity === null || (Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_UNITS);
  return isPossible ? undefined : 'INVALID_QUANTITY';
}
