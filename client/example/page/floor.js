import { ask, follow } from './api.js';
import { make } from './dom.js';
import { text } from './texts.js';

const COLUMNS = ['critical', 'dueSoon', 'onTrack', 'scheduled'];
const FINISHED = ['DELIVERED', 'CANCELED'];

/** The orders of a branch by urgency, as they are picked. */
export async function showFloor(main) {
  const branches = await ask('GET', '/branches');
  const board = make('div', { class: 'board' });
  let stop;
  const choose = () => {
    stop?.();
    stop = followFloor(Number(select.value), board);
  };
  const options = branches.map(({ id, name }) => make('option', { value: id }, name));
  const select = make('select', { 'aria-label': text('branch'), change: choose }, ...options);
  main.replaceChildren(select, board);
  choose();
  return () => stop?.();
}

/** Events name what has changed; the list is read again, at most once at a time. */
function followFloor(branchId, board) {
  let isReading = false;
  let isStale = false;
  const changed = new Set();
  const read = async () => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    while (isStale) {
      isStale = false;
      render(await ask('GET', `/ops/orders?branch_id=${branchId}&limit=100`));
    }
    isReading = false;
  };
  const render = (orders) => {
    const open = orders.filter(({ status }) => !FINISHED.includes(status));
    board.replaceChildren(...COLUMNS.map((urgency) => column(urgency, open, changed)));
    changed.clear();
  };
  return follow({ branch_id: branchId }, ({ type, data, entity_type, entity_id }) => {
    if (type === 'snapshot') return render(data.orders);
    if (entity_type === 'order') changed.add(entity_id);
    return read();
  });
}

function column(urgency, orders, changed) {
  const own = orders.filter((order) => order.urgency === urgency);
  const cards = own.map((order) => card(order, changed.has(order.order_id)));
  return make(
    'section',
    { class: `column ${urgency}` },
    make('h3', {}, `${text(urgency)} (${own.length})`),
    ...(cards.length > 0 ? cards : [make('p', { class: 'faint' }, text('noneHere'))]),
  );
}

function card(order, isChanged) {
  const done = order.items_count - order.items_pending;
  const { start_time, date } = order.delivery_slot;
  return make(
    'article',
    { class: `card ${isChanged ? 'changed' : ''}`, 'data-order': order.order_id },
    make('div', { class: 'row' }, make('bdi', {}, order.order_number), make('strong', {}, text(order.status))),
    make('p', { class: 'faint' }, make('bdi', {}, `${date} ${start_time.slice(0, 5)}`)),
    make('p', {}, make('bdi', {}, order.items_summary)),
    make('progress', { max: order.items_count, value: done, 'aria-label': order.order_number }),
    make(
      'div',
      { class: 'row' },
      make('span', { class: 'faint' }, `${done} ${text('of')} ${order.items_count}`),
      order.items_pending > 0
        ? make('button', { type: 'button', click: () => pickNext(order.order_id) }, text('pick'))
        : undefined,
    ),
  );
}

/** What a picker's handheld does. */
async function pickNext(orderId) {
  const order = await ask('GET', `/ops/orders/${orderId}`);
  const next = order.items.find(({ picked_status }) => picked_status === 'PENDING');
  if (!next) return;
  const grams = next.nominal_grams ? { picked_grams: next.nominal_grams * next.quantity } : {};
  const path = `/ops/orders/${orderId}/items/${next.id}/picked-status`;
  await ask('PATCH', path, { picked_status: 'PICKED', ...grams });
}
