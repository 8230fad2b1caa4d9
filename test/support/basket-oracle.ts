/** What `price_basket` computes, once more and slowly: unit by unit, from the words of the contract. Amounts in agorot. */
export interface BasketLine {
  product_id: number;
  category_id: number;
  price: number;
  quantity: number;
}

export interface Offer {
  promotion_id: number;
  name: string;
  kind: string;
  value: number | null;
  take: number | null;
  pay: number | null;
  bundle_price: number | null;
  priority: number;
  stacking_group: string | null;
  /** From 1. */
  places: number[];
}

export interface Priced {
  lines: number[];
  goods: number;
  delivery: number;
  applied: { promotion_id: number; amount: number }[];
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);
/** Half up, of a ratio of whole numbers. */
const rounded = (top: number, bottom: number): number => Math.floor((2 * top + bottom) / (2 * bottom));

/** By largest remainder; ties go to the lower key. */
function spread(amount: number, weights: number[], keys: number[]): number[] {
  const total = sum(weights);
  if (total === 0) return weights.map(() => 0);
  const parts = weights.map((weight) => Math.floor((amount * weight) / total));
  const order = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total, key: keys[index]!, weight }))
    .sort((a, b) => b.remainder - a.remainder || a.key - b.key || b.weight - a.weight);
  for (const { index } of order.slice(0, amount - sum(parts))) parts[index]! += 1;
  return parts;
}

/** One entry a unit. */
function multiBuy(lines: BasketLine[], costs: number[], { take, pay, bundle_price, places }: Offer): number[] {
  const units = lines
    .flatMap(({ quantity, product_id }, index) =>
      Array.from({ length: places.includes(index + 1) ? quantity : 0 }, () => ({
        index,
        product_id,
        price: rounded(costs[index]!, quantity),
      })),
    )
    .filter(({ price }) => price > 0)
    .sort((a, b) => b.price - a.price || a.product_id - b.product_id || costs[b.index]! - costs[a.index]!);
  const savings = lines.map(() => 0);
  for (let first = 0; first + take! <= units.length; first += take!) {
    const group = units.slice(first, first + take!);
    if (pay !== null) {
      for (const { index, price } of group.slice(pay)) savings[index]! += price;
      continue;
    }
    const saved = sum(group.map(({ price }) => price)) - bundle_price!;
    if (saved <= 0) continue;
    const weights = lines.map((_, line) => sum(group.filter(({ index }) => index === line).map(({ price }) => price)));
    const parts = spread(
      saved,
      weights,
      lines.map(({ product_id }) => product_id),
    );
    for (const [index, part] of parts.entries()) savings[index]! += part;
  }
  return savings.map((saving, index) => Math.min(saving, costs[index]!));
}

function savingsOf(lines: BasketLine[], costs: number[], offer: Offer): number[] {
  const { kind, value, places } = offer;
  const covered = costs.map((cost, index) => (places.includes(index + 1) ? cost : 0));
  const keys = lines.map(({ product_id }) => product_id);
  switch (kind) {
    case 'MULTI_BUY':
      return multiBuy(lines, costs, offer);
    case 'COUPON_PERCENT':
      return spread(rounded(sum(covered) * value! * 100, 10_000), covered, keys);
    case 'COUPON_FIXED':
      return spread(Math.min(value!, sum(covered)), covered, keys);
    case 'PERCENT':
      return covered.map((cost) => rounded(cost * value! * 100, 10_000));
    case 'FIXED':
      return covered.map((cost, index) => Math.min(cost, value! * lines[index]!.quantity));
    default:
      return covered.map((cost, index) => Math.max(0, cost - value! * lines[index]!.quantity));
  }
}

export function priceBasket(lines: BasketLine[], offers: Offer[], fee: number, minimum: number): Priced {
  let costs = lines.map(({ price, quantity }) => price * quantity);
  const before = [...costs];
  const applied: Priced['applied'] = [];
  let delivery = 0;
  const groups = Map.groupBy(offers, ({ stacking_group, promotion_id }) => stacking_group ?? promotion_id);
  const rank = (members: Offer[]) => Math.max(...members.map(({ priority }) => priority));
  const eldest = (members: Offer[]) => Math.min(...members.map(({ promotion_id }) => promotion_id));
  // The fee depends on what all other promotions leave of the goods.
  const isFree = ({ kind }: Offer) => kind === 'FREE_DELIVERY';
  const turn = (members: Offer[]) => Number(members.some(isFree)) + Number(members.every(isFree));
  const steps = [...groups.values()].sort((a, b) => turn(a) - turn(b) || rank(b) - rank(a) || eldest(a) - eldest(b));
  for (const members of steps) {
    const choices = members
      .map((offer) => {
        if (offer.kind !== 'FREE_DELIVERY') {
          const savings = savingsOf(lines, costs, offer);
          return { offer, savings, saved: sum(savings) };
        }
        return { offer, savings: costs.map(() => 0), saved: (sum(costs) >= minimum ? 0 : fee) - delivery };
      })
      .sort(
        (a, b) =>
          b.saved - a.saved || b.offer.priority - a.offer.priority || a.offer.promotion_id - b.offer.promotion_id,
      );
    const [best] = choices;
    if (!best || best.saved <= 0) continue;
    if (best.offer.kind === 'FREE_DELIVERY') delivery = best.saved;
    costs = costs.map((cost, index) => cost - best.savings[index]!);
    applied.push({ promotion_id: best.offer.promotion_id, amount: best.saved });
  }
  const discounts = before.map((cost, index) => cost - costs[index]!);
  return { lines: discounts, goods: sum(discounts), delivery, applied };
}
