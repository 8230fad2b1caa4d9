import type { OrderStatus } from '../../features/orders/statuses.ts';
import type { MailWords } from '../words.ts';
import { counted, money } from './forms.ts';

/** How long something lasts: the accusative. */
const minutesOf = (minutes: number) =>
  counted('ru', { one: '# минуту', few: '# минуты', many: '# минут', other: '# минуты' }, minutes);

const STATUSES: Record<OrderStatus, string> = {
  CREATED: 'получен',
  IN_PROGRESS: 'собирается',
  READY: 'готов',
  OUT_FOR_DELIVERY: 'уже в пути к вам',
  DELIVERED: 'доставлен',
  CANCELED: 'отменён; всё, что вы заплатили, мы вернём',
  DELAYED: 'задерживается; приносим извинения и сообщим, как только всё пойдёт дальше',
  MISSING: 'содержит товары, которых мы не нашли; мы этим занимаемся',
};

export const RUSSIAN: MailWords = {
  language: 'ru',
  direction: 'ltr',
  amount: (amount, currency) => money('ru', amount, currency),
  hello: (name) => `Здравствуйте, ${name}!`,
  ignore: 'Если вы этого не запрашивали, просто не обращайте внимания на это письмо.',
  reset: {
    subject: 'Сброс пароля',
    intro: 'Вы попросили сбросить пароль. Новый можно задать здесь:',
    link: 'Задать новый пароль',
    code: (code) => `Или введите этот код: ${code}`,
    validity: (minutes) => `Код одноразовый и действует ${minutesOf(minutes)}.`,
  },
  code: {
    subject: 'Ваш код для регистрации',
    code: (code) => `Ваш код: ${code}`,
    validity: (minutes) => `Код действует ${minutesOf(minutes)}.`,
  },
  confirmed: {
    subject: (order) => `Ваш заказ ${order} подтверждён`,
    thanks: (order) => `Спасибо, мы получили ваш заказ ${order}.`,
    deposits: (amount) => `Залог за тару: ${amount}`,
    delivery: (amount) => `Доставка: ${amount}`,
    total: (amount) => `Всего оплачено: ${amount}`,
    reserved: (amount) => `Всего: ${amount}; сумма зарезервирована и будет списана, когда заказ будет готов`,
  },
  amended: {
    subject: (order) => `Ваш заказ ${order} изменён`,
    intro: (order) => `Мы изменили ваш заказ ${order}, как вы просили. Теперь в нём:`,
    total: (amount) => `Всего: ${amount}`,
    charged: (amount) => `С вашей карты дополнительно списано ${amount}.`,
    reserved: (amount) => `Дополнительно зарезервировано ${amount}; деньги будут списаны, когда заказ будет готов.`,
    refunded: (amount) => `Сумма заказа уменьшилась на ${amount}: разницу мы вам вернём.`,
    released: (amount) => `Сумма заказа уменьшилась на ${amount}: разница не будет списана.`,
  },
  failed: {
    subject: (order) => `Для заказа ${order} нужна другая карта`,
    sentence: (order) => `Банк не разрешил нам списать оплату за ваш заказ ${order}.`,
    advice: 'Выберите в заказе другую карту до начала доставки, иначе нам придётся его отменить.',
  },
  status: {
    canceled: (order) => `Ваш заказ ${order} отменён`,
    news: (order) => `Новости о заказе ${order}`,
    sentence: (order, status) => `Ваш заказ ${order} ${STATUSES[status]}.`,
  },
  refund: {
    subject: (order) => `Возврат по заказу ${order}`,
    sentence: (amount, order) => `Мы вернули ${amount} за ваш заказ ${order}.`,
    reason: (reason) => `Причина: ${reason}`,
    causes: {
      'your claim': 'ваша претензия',
      'items that were missing or replaced by cheaper ones':
        'товары, которых не оказалось или которые заменены более дешёвыми',
      'items that were missing, weighed less or were replaced by cheaper ones':
        'товары, которых не оказалось, которые весили меньше или заменены более дешёвыми',
    },
    atTheBank: 'Деньги появятся на вашем счёте в банке через несколько дней.',
    credit: 'Сумма зачислена на ваш баланс в магазине: ею можно оплатить следующий заказ.',
    partly: (credit) =>
      `Из этой суммы ${credit} зачислено на ваш баланс в магазине. Остальное появится на вашем счёте в банке через несколько дней.`,
  },
};
