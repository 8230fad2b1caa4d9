export interface ShopTerms {
  delivery_min: string;
  delivery_fee: string;
  minimum_order_total: string;
  currency: string;
  /** Service hours of the shop, "06:00". */
  opens_at: string;
  closes_at: string;
}

export interface Policy {
  key: 'delivery' | 'pickup' | 'returns';
  title: string;
  body: string;
}

/** The shop's delivery terms as text. */
export function shippingPolicies(terms: ShopTerms): Policy[] {
  const hours = `between ${terms.opens_at} and ${terms.closes_at}`;
  const minimum = isZero(terms.minimum_order_total)
    ? ''
    : ` The smallest order is ${terms.minimum_order_total} ${terms.currency}.`;
  return [
    {
      key: 'delivery',
      title: 'Delivery',
      body: `${deliveryCost(terms)} We deliver in the two-hour slot you choose, ${hours}.${minimum}`,
    },
    {
      key: 'pickup',
      title: 'Pickup',
      body: `Picking up your order at a branch is free. It is ready two hours or more from the order, ${hours}.${minimum}`,
    },
    {
      key: 'returns',
      title: 'Cancellation and refunds',
      body:
        'You can cancel an order until we start to prepare it, and the whole payment is refunded. Items we do not have ' +
        'are refunded, and a replacement never costs you more than what you ordered. Refunds go to the payment method ' +
        'of the order.',
    },
  ];
}

function deliveryCost({ delivery_min, delivery_fee, currency }: ShopTerms): string {
  if (isZero(delivery_fee) || isZero(delivery_min)) return 'Delivery is free.';
  return `Delivery costs ${delivery_fee} ${currency} and is free from ${delivery_min} ${currency} upwards.`;
}

const isZero = (amount: string) => Number(amount) === 0;
