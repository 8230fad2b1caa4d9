import { QueryClient, type QueryClientConfig } from '@tanstack/react-query';
import type { Operations, Tag } from '../generated/operations.gen.ts';

type Name = keyof Operations;

/** Another person is signed in after these, or nobody: nothing that was read before may be shown. */
const CHANGE_PERSON: readonly Name[] = [
  'postAuthLogin',
  'postAuthLoginTotp',
  'postAuthRegister',
  'postAuthLogout',
  'postAuthLogoutAll',
  'deleteMe',
];

/** A change makes what has its tag stale, and these. */
const ALSO_STALE: Partial<Record<Tag, readonly Tag[]>> = {
  Checkout: ['Cart', 'Orders', 'Catalog', 'Branches', 'Store', 'Store credit', 'Shopping lists'],
  Orders: ['Catalog', 'Branches', 'Store', 'Store credit', 'Events'],
  Claims: ['Orders', 'Store credit'],
  Profile: ['Auth', 'Branches'],
  Operations: ['Orders', 'Inventory', 'Catalog', 'Refunds', 'Events'],
  Refunds: ['Operations', 'Orders', 'Claims', 'Store credit'],
  Inventory: ['Catalog', 'Operations'],
  'Stock requests': ['Inventory', 'Catalog'],
  'Admin: catalog': ['Catalog', 'Inventory', 'Cart'],
  'Admin: prices': ['Admin: catalog', 'Catalog', 'Cart'],
  'Admin: branches': ['Branches', 'Inventory'],
  'Admin: delivery': ['Branches', 'Store'],
  'Admin: users': ['Store credit'],
  'Admin: promotions': ['Catalog', 'Cart'],
  'Admin: settings': ['Store', 'Catalog', 'Cart'],
};

/** These only calculate, or change less than others of their tag. */
const ONLY_STALE: Partial<Record<Name, readonly Tag[]>> = {
  postCheckoutPreview: ['Cart'],
  postOrdersByIdAmendmentsPreview: ['Orders'],
  postLiveTickets: [],
  postAuthRefresh: [],
};

type Key = readonly [{ _id?: Name; tags?: readonly Tag[] }?];

/**
 * A query client for the API. What a change makes stale is read again, and a refusal is final at once: the client has repeated
 * what can be repeated.
 */
export function createQueryClient(config: QueryClientConfig = {}): QueryClient {
  const { defaultOptions = {} } = config;
  const queryClient = new QueryClient({
    ...config,
    defaultOptions: { ...defaultOptions, queries: { retry: false, ...defaultOptions.queries } },
  });
  keepFresh(queryClient);
  return queryClient;
}

/** The same for a query client that is there already. @returns a function that ends it */
export function keepFresh(queryClient: QueryClient): () => void {
  return queryClient.getMutationCache().subscribe((event) => {
    // The last word on a change: `onSuccess` of the caller, which may save a session, has run.
    if (event.type !== 'updated' || event.action.type !== 'success') return;
    const [operation] = (event.mutation.options.mutationKey ?? []) as unknown as Key;
    if (!operation?._id) return;
    if (CHANGE_PERSON.includes(operation._id)) {
      void queryClient.resetQueries();
      return;
    }
    const own = operation.tags ?? [];
    const stale = ONLY_STALE[operation._id] ?? [...own, ...own.flatMap((tag) => ALSO_STALE[tag] ?? [])];
    void queryClient.invalidateQueries({
      predicate: ({ queryKey }) => (queryKey as unknown as Key)[0]?.tags?.some((tag) => stale.includes(tag)) ?? false,
    });
  });
}
