import { signIn } from './api.js';
import { make } from './dom.js';
import { showFloor } from './floor.js';
import { showOrders } from './order.js';
import { text, translatePage, turnLanguage } from './texts.js';

const main = document.querySelector('#main');
const state = document.querySelector('#state');
const views = { customer: showOrders, employee: showFloor };
let account;
let stop;

async function show() {
  stop?.();
  main.setAttribute('aria-busy', 'true');
  stop = await views[account](main);
  main.removeAttribute('aria-busy');
}

async function open(name) {
  account = name;
  for (const button of document.querySelectorAll('[data-account]'))
    button.setAttribute('aria-pressed', String(button.dataset.account === name));
  try {
    await signIn(name);
    await show();
  } catch (error) {
    main.replaceChildren(make('p', { class: 'hint', role: 'alert' }, error.message));
  }
}

const showState = () => {
  state.textContent = text(state.dataset.state);
};
state.addEventListener('state', showState);
for (const button of document.querySelectorAll('[data-account]'))
  button.addEventListener('click', () => open(button.dataset.account));
document.querySelector('#language').addEventListener('click', () => {
  turnLanguage();
  translatePage();
  showState();
  if (account) show();
});
translatePage();
showState();
