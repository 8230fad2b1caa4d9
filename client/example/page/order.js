import { ask, follow } from './api.js';
import { make } from './dom.js';
import { text } from './texts.js';

const STEPS = ['CREATED', 'IN_PROGRESS', 'READY', 'OUT_FOR_DELIVERY', 'DELIVERED'];
const MARKS = { PENDING: '○', PICKED: '✓', REPLACED: '⇄', MISSING: '✕' };
const OPEN_FIRST = (one, other) => Number(isDone(one)) - Number(isDone(other));
const isDone = ({ status }) => status === 'DELIVERED' || status === 'CANCELED';

/** The customer's orders, and the chosen one as it is picked. */
export async function showOrders(main) {
  const orders = (await ask('GET', '/orders?limit=20')).sort(OPEN_FIRST);
  if (orders.length === 0) return main.replaceChildren(make('p', { class: 'hint' }, text('noOrders')));
  const place = make('div', { class: 'order' });
  const options = orders.map(({ id, order_number, status }) =>
    make('option', { value: id }, `${order_number} · ${text(status)}`),
  );
  let stop;
  const choose = () => {
    stop?.();
    stop = followOrder(Number(select.value), place);
  };
  const select = make('select', { 'aria-label': text('order'), change: choose }, ...options);
  main.replaceChildren(make('p', { class: 'order' }, select), place);
  choose();
  return () => stop?.();
}

/** Reads the state anew after a change that an event only names; changes in a row share one read. */
function followOrder(id, place) {
  let state;
  let isReading = false;
  let isStale = false;
  const render = (changedItem) => place.replaceChildren(...view(state, changedItem, answer));
  const read = async () => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    while (isStale) {
      isStale = false;
      const [order, proposals] = await Promise.all([
        ask('GET', `/orders/${id}`),
        ask('GET', `/orders/${id}/proposals`),
      ]);
      state = { order, proposals };
      render();
    }
    isReading = false;
  };
  const answer = async (proposal, word) => {
    await ask('POST', `/orders/${id}/proposals/${proposal.id}/${word}`).catch(read);
  };
  return follow({ order_id: id }, ({ type, data }) => {
    if (type === 'snapshot') {
      state = data;
      return render();
    }
    const item = type === 'order.item_changed' && state?.order.items.find((one) => one.id === data.item_id);
    if (!item) return read();
    Object.assign(item, { picked_status: data.picked_status, replacement_name: data.replacement_name });
    render(item.id);
  });
}

function view({ order, proposals }, changedItem, answer) {
  const reached = STEPS.indexOf(order.status);
  const steps = STEPS.filter((step) => step !== 'OUT_FOR_DELIVERY' || order.delivery).map((step) =>
    make('li', { class: STEPS.indexOf(step) <= reached && 'done' }, text(step)),
  );
  const head = make(
    'section',
    { class: 'card' },
    make(
      'div',
      { class: 'row' },
      make('h2', {}, `${text('order')} `, make('bdi', {}, order.order_number)),
      make('strong', {}, text(order.status)),
      make('bdi', { class: 'faint' }, `${order.total_amount} ${order.currency}`),
    ),
    make('ol', { class: 'steps' }, ...steps),
  );
  const lines = order.items.map((item) =>
    make(
      'li',
      { class: `${item.picked_status} ${item.id === changedItem ? 'changed' : ''}`, 'data-item': item.id },
      make('span', { class: 'mark', 'aria-label': item.picked_status }, MARKS[item.picked_status]),
      make('span', { class: 'name' }, make('bdi', {}, item.name), ...replacement(item)),
      make('bdi', { class: 'faint' }, `× ${item.quantity}`),
    ),
  );
  const open = proposals.filter(({ status }) => status === 'OPEN').map((one) => proposalCard(one, order, answer));
  return [head, ...open, make('section', { class: 'card' }, make('ul', { class: 'lines' }, ...lines))];
}

const replacement = ({ replacement_name }) => (replacement_name ? [' → ', make('bdi', {}, replacement_name)] : []);

function proposalCard(proposal, order, answer) {
  const item = order.items.find(({ id }) => id === proposal.item_id);
  const button = (word, kind) =>
    make('button', { type: 'button', class: kind, click: () => answer(proposal, word) }, text(word));
  return make(
    'section',
    { class: 'card proposal' },
    make('h3', {}, text('proposal')),
    make('p', {}, make('bdi', {}, `${item?.name ?? ''} → ${proposal.product_name}`)),
    make('bdi', { class: 'faint' }, `${proposal.quantity} × ${proposal.unit_price}`),
    make('div', { class: 'actions' }, button('approve', 'main'), button('reject')),
  );
}
