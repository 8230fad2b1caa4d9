import { setupWorker } from 'msw/browser';
import { handler, handlers } from '../../src/msw/index.ts';

/** Answers the requests of this page: all as the document's examples, and the cart as what was put into it. */
export async function startMock(): Promise<void> {
  let quantity = 0;
  const cart = handler('getCart', ({ example }) => {
    const items = example.data.items.map((item) => ({ ...item, quantity }));
    return { data: { ...example.data, items: quantity > 0 ? items : [] } };
  });
  const add = handler('postCartItems', async ({ request, example }) => {
    quantity += ((await request.json()) as { quantity: number }).quantity;
    return quantity > 3 ? { refusal: 'OUT_OF_STOCK_ANYWHERE' } : example;
  });
  const worker = setupWorker(cart, add, ...handlers());
  await worker.start({ serviceWorker: { url: 'mockServiceWorker.js' }, onUnhandledFrame: 'bypass', quiet: true });
}
