import { STATUSES } from '../../features/orders/statuses.ts';
import type { MailWords } from '../words.ts';

export const ENGLISH: MailWords = {
  language: 'en',
  direction: 'ltr',
  amount: (amount, currency) => `${amount} ${currency}`,
  hello: (name) => `Hello ${name},`,
  ignore: 'If you did not ask for this, you can ignore this mail.',
  reset: {
    subject: 'Reset your password',
    intro: 'You asked to reset your password. Choose a new one here:',
    link: 'Choose a new password',
    code: (code) => `Or enter this code: ${code}`,
    validity: (minutes) => `It works once, for ${minutes} minutes.`,
  },
  code: {
    subject: 'Your registration code',
    code: (code) => `Your code is ${code}`,
    validity: (minutes) => `It is valid for ${minutes} minutes.`,
  },
  confirmed: {
    subject: (order) => `Your order ${order} is confirmed`,
    thanks: (order) => `Thank you, we have received your order ${order}.`,
    deposits: (amount) => `Deposits: ${amount}`,
    delivery: (amount) => `Delivery: ${amount}`,
    total: (amount) => `Total paid: ${amount}`,
    reserved: (amount) => `Total: ${amount}, reserved now and taken when your order is ready`,
  },
  amended: {
    subject: (order) => `Your order ${order} has changed`,
    intro: (order) => `We have changed your order ${order} as you asked. It is now:`,
    total: (amount) => `Total: ${amount}`,
    charged: (amount) => `${amount} more are charged to your card.`,
    reserved: (amount) => `${amount} more are reserved, and taken when your order is ready.`,
    refunded: (amount) => `${amount} less: they will be paid back to you.`,
    released: (amount) => `${amount} less: they will not be taken.`,
  },
  failed: {
    subject: (order) => `Your order ${order} needs another card`,
    sentence: (order) => `Your bank did not let us take the payment for your order ${order}.`,
    advice: 'Choose another card in your order before its delivery begins; without one we have to cancel it.',
  },
  status: {
    canceled: (order) => `Your order ${order} is canceled`,
    news: (order) => `News of order ${order}`,
    sentence: (order, status) => `Your order ${order} ${STATUSES[status].mail}.`,
  },
  refund: {
    subject: (order) => `A refund for order ${order}`,
    sentence: (amount, order) => `We have refunded ${amount} for your order ${order}.`,
    reason: (reason) => `Reason: ${reason}`,
    causes: {
      'your claim': 'your claim',
      'items that were missing or replaced by cheaper ones': 'items that were missing or replaced by cheaper ones',
      'items that were missing, weighed less or were replaced by cheaper ones':
        'items that were missing, weighed less or were replaced by cheaper ones',
    },
    atTheBank: 'It takes a few days until your bank shows it.',
    credit: 'It is store credit now: spend it on your next order.',
    partly: (credit) => `${credit} of it are store credit now. It takes a few days until your bank shows the rest.`,
  },
};
