import { makeProduct, makeStock } from './factories.ts';
import { openFloor } from './orders.ts';
import { openShop } from './shop.ts';
import { standardShop } from './standard-shop.ts';

/** A shop with people on its floor and one product that does not run out. */
export async function openLiveShop() {
  const shop = await openShop();
  const goods = await standardShop(shop);
  const floor = await openFloor(shop);
  const productId = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 5_000 });
  return { shop, goods, floor, productId };
}
