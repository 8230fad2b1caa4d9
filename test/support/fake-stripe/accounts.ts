import { Account, type AccountKeys, randomText } from './account.ts';
import { badParameter, noKey, StripeProblem, wrongKey } from './errors.ts';
import type { Form } from './form.ts';
import type { Route } from './route.ts';

/** The accounts of the stand-in, each behind its own secret key. */
export class Accounts {
  readonly #bySecretKey = new Map<string, Account>();
  readonly #byPublishableKey = new Map<string, Account>();

  open(keys: Partial<AccountKeys> = {}): Account {
    const account = new Account({
      secret_key: keys.secret_key ?? `sk_test_${randomText(24)}`,
      publishable_key: keys.publishable_key ?? `pk_test_${randomText(24)}`,
      webhook_secret: keys.webhook_secret ?? `whsec_${randomText(32)}`,
    });
    this.#bySecretKey.set(account.keys.secret_key, account);
    this.#byPublishableKey.set(account.keys.publishable_key, account);
    return account;
  }

  ofPublishableKey(key: string): Account | undefined {
    return this.#byPublishableKey.get(key);
  }

  /** The account of the key in the header, by Bearer or Basic; the publishable key opens one intent only. */
  authenticate(header: string | undefined, found: { route: Route; id: string } | null, form: Form): Account {
    const key = keyOf(header);
    if (key === null) throw noKey();
    const account = this.#bySecretKey.get(key);
    if (account !== undefined) return account;
    const shop = this.#byPublishableKey.get(key);
    if (shop === undefined) throw wrongKey(key);
    if (found?.route.publishable !== true) throw secretKeyRequired();
    const intent = shop.paymentIntents.get(found.id) ?? shop.setupIntents.get(found.id);
    if (intent === undefined || form.client_secret !== intent.client_secret) {
      throw badParameter(
        'The client_secret provided does not match any associated PaymentIntent or SetupIntent on this account. Ensure the publishable key used belongs to the same account that created it.',
        { param: 'client_secret' },
      );
    }
    return shop;
  }
}

function keyOf(header: string | undefined): string | null {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return value === '' ? null : value;
  if (scheme.toLowerCase() !== 'basic') return null;
  const [user = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return user === '' ? null : user;
}

const secretKeyRequired = () =>
  new StripeProblem(
    403,
    {
      type: 'invalid_request_error',
      code: 'secret_key_required',
      message:
        'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
    },
    { executed: false },
  );
