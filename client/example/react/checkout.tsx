import { useMutation, useQuery } from '@tanstack/react-query';
import {
  getBranchesOptions,
  getMePaymentTokensOptions,
  postCheckoutConfirmMutation,
  postCheckoutPreviewMutation,
  useIdempotentMutation,
} from '../../src/react/index.ts';
import { Refusal } from './refusal.tsx';
import { api as client } from './shop.tsx';

/** Picks up at the first branch and pays with the first card. */
export function Checkout({ cartId, isEmpty }: { cartId: number; isEmpty: boolean }) {
  const branch = useQuery(getBranchesOptions({ client })).data?.data[0];
  const card = useQuery(getMePaymentTokensOptions({ client })).data?.data[0];
  const preview = useMutation(postCheckoutPreviewMutation({ client }));
  const pay = useIdempotentMutation(postCheckoutConfirmMutation({ client }));
  if (!branch || !card) return null;
  const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: branch.id } as const;
  const shown = preview.data?.data;
  return (
    <>
      <button type="button" onClick={() => preview.mutate({ body: terms })} disabled={preview.isPending || isEmpty}>
        Check out at {branch.name}
      </button>
      <Refusal of={preview.error ?? pay.error} />
      {shown && !isEmpty && (
        <button
          type="button"
          className="main"
          disabled={pay.isPending}
          onClick={() =>
            pay.mutate({ body: { ...terms, payment_token_id: card.id, expected_total: shown.total_amount } })
          }
        >
          Pay {shown.total_amount} {shown.currency}
        </button>
      )}
      {pay.data && 'order_number' in pay.data.data && <p id="order">Order {pay.data.data.order_number}</p>}
    </>
  );
}
