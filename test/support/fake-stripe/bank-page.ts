import type { Accounts } from './accounts.ts';
import { settleAction } from './control.ts';

/** The page a bank would show for 3-D Secure, at `/3ds/{publishable key}/{intent}`: the customer passes, or not. */
export function bankPage(
  accounts: Accounts,
  { method, path, body }: { method: string; path: string; body: string },
): { status: number; headers: Record<string, string>; body: string } {
  const [, , key = '', id = ''] = path.split('/');
  const account = accounts.ofPublishableKey(key);
  const intent = account?.paymentIntents.get(id) ?? account?.setupIntents.get(id);
  if (account === undefined || intent === undefined) return html(404, '<p>The bank knows no such payment.</p>');
  if (method !== 'POST') {
    const buttons = ['succeed', 'fail'].map(
      (outcome) => `<button name="outcome" value="${outcome}">${outcome}</button>`,
    );
    return html(
      200,
      `<h1>3-D Secure</h1><p>${id}: ${intent.status}</p><form method="post">${buttons.join(' ')}</form>`,
    );
  }
  const returnUrl = returnUrlOf(intent.next_action);
  settleAction(account, id, new URLSearchParams(body).get('outcome') === 'succeed');
  if (returnUrl === null) return html(200, `<p>${intent.status}. You may close this page.</p>`);
  const back = new URL(returnUrl);
  back.searchParams.set(intent.object, id);
  back.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
  back.searchParams.set('redirect_status', intent.status === 'requires_payment_method' ? 'failed' : 'succeeded');
  return { status: 303, headers: { location: back.href }, body: '' };
}

function returnUrlOf(action: Record<string, unknown> | null): string | null {
  const redirect = action?.redirect_to_url;
  if (redirect === null || typeof redirect !== 'object' || !('return_url' in redirect)) return null;
  return String(redirect.return_url);
}

const html = (status: number, content: string) => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><meta charset="utf-8"><title>Bank</title>${content}`,
});
