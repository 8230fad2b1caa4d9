const en = {
  title: 'live',
  asCustomer: 'Demo customer',
  asStaff: 'Demo staff',
  hint: 'Choose a demo account. Open the other one in a second window, and watch one order in both.',
  connecting: 'Connecting…',
  open: 'Live',
  waiting: 'Not connected',
  ended: 'Ended',
  order: 'Order',
  noOrders: 'This account has no orders.',
  noneHere: 'No orders here.',
  branch: 'Branch',
  proposal: 'Instead of what is missing',
  approve: 'Take it',
  reject: 'No, thanks',
  pick: 'Pick next',
  of: 'of',
  CREATED: 'Received',
  IN_PROGRESS: 'Being picked',
  READY: 'Ready',
  OUT_FOR_DELIVERY: 'On its way',
  DELIVERED: 'Delivered',
  CANCELED: 'Canceled',
  DELAYED: 'Delayed',
  MISSING: 'Something is missing',
  critical: 'Critical',
  dueSoon: 'Due soon',
  onTrack: 'Today',
  scheduled: 'Later',
};

const he = {
  title: 'בזמן אמת',
  asCustomer: 'לקוח לדוגמה',
  asStaff: 'עובד לדוגמה',
  hint: 'בחרו חשבון לדוגמה. פתחו את השני בחלון נוסף, ועקבו אחר הזמנה אחת בשניהם.',
  connecting: 'מתחבר…',
  open: 'מחובר',
  waiting: 'לא מחובר',
  ended: 'הסתיים',
  order: 'הזמנה',
  noOrders: 'אין הזמנות בחשבון זה.',
  noneHere: 'אין כאן הזמנות.',
  branch: 'סניף',
  proposal: 'במקום מה שחסר',
  approve: 'מתאים לי',
  reject: 'לא, תודה',
  pick: 'לקט את הבא',
  of: 'מתוך',
  CREATED: 'התקבלה',
  IN_PROGRESS: 'בליקוט',
  READY: 'מוכנה',
  OUT_FOR_DELIVERY: 'בדרך',
  DELIVERED: 'נמסרה',
  CANCELED: 'בוטלה',
  DELAYED: 'מתעכבת',
  MISSING: 'משהו חסר',
  critical: 'דחוף',
  dueSoon: 'בקרוב',
  onTrack: 'היום',
  scheduled: 'בהמשך',
};

const languages = { en, he };
let language = localStorage.getItem('language') ?? (navigator.language.startsWith('he') ? 'he' : 'en');

export const text = (key) => languages[language][key] ?? key;

/** Puts the page's fixed texts in place, and its direction. */
export function translatePage() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'he' ? 'rtl' : 'ltr';
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = text(element.dataset.text);
  document.querySelector('#language').textContent = language === 'he' ? 'English' : 'עברית';
}

export function turnLanguage() {
  language = language === 'he' ? 'en' : 'he';
  localStorage.setItem('language', language);
}
