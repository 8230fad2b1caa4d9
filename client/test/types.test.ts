import { it } from 'node:test';
import { type components, createClient, type paths, unwrap } from '../src/index.ts';
import { postCheckoutConfirmMutation, postMeAddressesMutation } from '../src/react/index.ts';

const client = createClient({ baseUrl: 'https://api.example.com', attempts: 1, fetch: async () => Response.json({}) });
const body = { cart_id: 1, fulfillment_type: 'PICKUP', branch_id: 1, payment_token_id: 1 } as const;

// The compiler is the test: an error that is not there fails the build.
it('knows what each call takes and answers', async () => {
  const id: number | undefined = unwrap(await client.GET('/api/v1/cart')).data?.id;
  const cart: components['schemas']['Cart'] | undefined = unwrap(await client.GET('/api/v1/cart')).data;
  type CartBody = paths['/api/v1/cart']['get']['responses'][200]['content']['application/json'];
  ({ data: cart }) satisfies Partial<CartBody>;
  id satisfies number | undefined;
  // @ts-expect-error A path that is not in the document.
  await client.GET('/api/v1/carts');
  // @ts-expect-error A method that the path does not have.
  await client.PATCH('/api/v1/cart');
  // @ts-expect-error The body is missing.
  await client.POST('/api/v1/cart/items');
  // @ts-expect-error The id is missing.
  await client.GET('/api/v1/orders/{id}');
  // @ts-expect-error A payment needs its key.
  await client.POST('/api/v1/checkout/confirm', { body });
  // @ts-expect-error A text is a text, whatever its patterns.
  postMeAddressesMutation({ client, body: { address_line: 5 } });
  const { error } = await client.POST('/api/v1/cart/items', { body: { product_id: 1, quantity: 1 } });
  // @ts-expect-error A cart is never in transit.
  error?.error?.code satisfies 'ORDER_IN_TRANSIT' | undefined;
  postCheckoutConfirmMutation({ client });
});
