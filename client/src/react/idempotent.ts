import {
  type QueryClient,
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { ApiError } from '../errors.ts';

interface Keyed {
  body?: unknown;
  headers: { 'Idempotency-Key'?: string };
  path?: unknown;
}

type Unkeyed<Variables extends Keyed> = Omit<Variables, 'headers'> & { headers?: Partial<Variables['headers']> };

/** By query client, because a form that is left and opened again goes on with its key. */
const stores = new WeakMap<QueryClient, Map<string, string>>();

/**
 * A mutation that takes an `Idempotency-Key`. The key stays the same for the same variables until the API has answered with
 * the outcome, so a second click after a lost connection, or after the bank's question (202), is the same payment.
 * @example
 * const pay = useIdempotentMutation(postCheckoutConfirmMutation({ client: api }));
 * pay.mutate({ body: { ...terms, payment_token_id } });
 */
export function useIdempotentMutation<Data, Failure, Variables extends Keyed>(
  options: UseMutationOptions<Data, Failure, Variables>,
): UseMutationResult<Data, Failure, Unkeyed<Variables>> {
  return useMutation(idempotent(options, useQueryClient()));
}

/** What the hook gives to `useMutation`. */
export function idempotent<Data, Failure, Variables extends Keyed>(
  options: UseMutationOptions<Data, Failure, Variables>,
  queryClient: QueryClient,
): UseMutationOptions<Data, Failure, Unkeyed<Variables>> {
  const keys = stores.get(queryClient) ?? new Map<string, string>();
  stores.set(queryClient, keys);
  return {
    ...(options as UseMutationOptions<Data, Failure, Unkeyed<Variables>>),
    mutationFn: async (variables, context) => {
      const { mutationFn } = options;
      if (!mutationFn) throw new Error('These options have no mutationFn.');
      const same = JSON.stringify([options.mutationKey, variables.path, variables.body]);
      const key = keys.get(same) ?? crypto.randomUUID();
      keys.set(same, key);
      const headers = { 'Idempotency-Key': key, ...variables.headers };
      try {
        const answer = await mutationFn({ ...variables, headers } as unknown as Variables, context);
        if (!asksForAction(answer)) keys.delete(same);
        return answer;
      } catch (error) {
        if (isOutcome(error)) keys.delete(same);
        throw error;
      }
    },
  };
}

/** 202: the same request, with the same key, goes on once the customer has done what the bank asks. */
function asksForAction(answer: unknown): boolean {
  const { data } = answer as { data?: { action?: unknown } };
  return data?.action !== undefined && data.action !== null;
}

/** Whether the API has decided. An outage, a limit and another request under way leave open what became of it. */
function isOutcome(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status < 500 && error.status !== 429 && error.code !== 'IDEMPOTENCY_IN_PROGRESS';
}
