import { live } from './live.js';

const PASSWORD = 'Password1';
let token;

/** Signs in to a demo account of the seed, once a window. */
export async function signIn(account) {
  token = sessionStorage.getItem(account) ?? undefined;
  if (token && (await ask('GET', '/auth/me').catch(() => undefined))) return;
  token = undefined;
  const body = { email: `${account}@mami.local`, password: PASSWORD };
  token = (await ask('POST', '/auth/login', body)).access_token;
  sessionStorage.setItem(account, token);
}

/** The `data` of an answer. */
export async function ask(method, path, body) {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  const { data, error } = await answer.json();
  if (error) throw Object.assign(new Error(error.message), { status: answer.status });
  return data;
}

/** Follows an order (`{order_id}`) or a floor (`{branch_id}`); the returned function ends it. */
export function follow(place, onMessage) {
  const { order_id, branch_id } = place;
  const state = document.querySelector('#state');
  const address = new URL(`/api/v1${order_id ? `/orders/${order_id}/live` : '/ops/live'}`, location.href);
  let isStopped = false;
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const stop = live({
    ticket: async () => (await ask('POST', '/live/tickets', place)).ticket,
    url: address.href,
    query: branch_id ? { branch_id: String(branch_id) } : {},
    onMessage,
    onState: (now) => {
      // The end of this connection is no news once another one has taken its place.
      if (isStopped) return;
      state.dataset.state = now;
      state.dispatchEvent(new Event('state'));
    },
    ...(order_id && { poll: (after) => ask('GET', `/orders/${order_id}/events${after ? `?after=${after}` : ''}`) }),
  });
  return () => {
    isStopped = true;
    stop();
  };
}
