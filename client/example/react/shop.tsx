import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { createClient, type Session } from '../../src/index.ts';
import {
  deleteCartItemsByItemIdMutation,
  getCartOptions,
  getCatalogProductsOptions,
  postAuthLoginMutation,
  postAuthLogoutMutation,
  postCartItemsMutation,
} from '../../src/react/index.ts';
import { Checkout } from './checkout.tsx';
import { Refusal } from './refusal.tsx';

export const api = createClient({ baseUrl: location.origin });
const client = api;
const account = { email: 'customer@mami.local', password: 'Password1' };

export function Shop() {
  const [session, setSession] = useState<Session>();
  const keep = async (next?: Session) => {
    await api.sessions.save(next);
    setSession(next);
  };
  const signIn = useMutation({ ...postAuthLoginMutation({ client }), onSuccess: ({ data }) => keep(data) });
  const signOut = useMutation({ ...postAuthLogoutMutation({ client }), onSettled: () => keep() });
  return (
    <>
      <header>
        <h1>Mami shop</h1>
        {session ? (
          <button type="button" onClick={() => signOut.mutate({})}>
            Sign out
          </button>
        ) : (
          <button type="button" className="main" onClick={() => signIn.mutate({ body: account })}>
            Sign in
          </button>
        )}
      </header>
      <main>
        <Catalogue canBuy={session !== undefined} />
        {session && <Cart />}
      </main>
    </>
  );
}

function Catalogue({ canBuy }: { canBuy: boolean }) {
  const [words, setWords] = useState('milk');
  const q = useDeferredValue(words.trim());
  const query = { limit: 8, in_stock: true, ...(q && { q }) };
  const products = useQuery(getCatalogProductsOptions({ client, query }));
  const add = useMutation(postCartItemsMutation({ client }));
  return (
    <section id="catalogue">
      <h2>Products</h2>
      <input type="search" aria-label="Search" value={words} onChange={({ target }) => setWords(target.value)} />
      <Refusal of={add.error ?? products.error} />
      <ul>
        {products.data?.data.map(({ id, name, price }) => (
          <li key={id}>
            <span>{name}</span>
            <span className="price">{price}</span>
            <button
              type="button"
              disabled={!canBuy}
              onClick={() => add.mutate({ body: { product_id: id, quantity: 1 } })}
            >
              Add
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cart() {
  const cart = useQuery(getCartOptions({ client }));
  const remove = useMutation(deleteCartItemsByItemIdMutation({ client }));
  const { id, items = [], total_amount } = cart.data?.data ?? {};
  return (
    <section id="cart">
      <h2>Cart</h2>
      <Refusal of={cart.error ?? remove.error} />
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <span>
              {item.quantity} × {item.product_name}
            </span>
            <span className="price">{item.line_total}</span>
            <button
              type="button"
              aria-label={`Remove ${item.product_name}`}
              onClick={() => remove.mutate({ path: { item_id: item.id } })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {items.length > 0 && <p id="total">Total {total_amount}</p>}
      {id !== undefined && <Checkout cartId={id} isEmpty={items.length === 0} />}
    </section>
  );
}
