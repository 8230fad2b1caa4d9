import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { brevoAccount } from '../support/brevo-account.ts';
import { makeUser, signIn, signInAs, type TestUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const brevo = brevoAccount();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ env: brevo.env });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const forgot = (email: string) => shop.request('POST', '/auth/forgot-password', { body: { email } });
const tokenFor = async (email: string): Promise<string> => (await forgot(email)).body.data.reset_token;
const reset = (email: string, token: string, new_password = 'Another-1') =>
  shop.request('POST', '/auth/reset-password', { body: { email, token, new_password } });
const login = (email: string, password: string) => shop.request('POST', '/auth/login', { body: { email, password } });
/** Every reset mail of the user was sent that much earlier. */
const minutesLater = (userId: number, minutes: number) =>
  shop.sql(
    `update password_resets set sent_at = array(select at - make_interval(mins => $2) from unnest(sent_at) at)
     where user_id = $1`,
    [userId, minutes],
  );
const mailsTo = async (email: string) => (await brevo.seen()).mails.filter(({ to }) => to[0]!.email === email).length;
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
const expectRefused = (answer: { status: number; body: any }) => {
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe('INVALID_OR_EXPIRED_TOKEN');
};

describe('asking for a reset', () => {
  it('answers a known, an unknown and a switched-off email alike, and mails the first only', async () => {
    const known = await makeUser(shop);
    const off = await makeUser(shop, { isActive: false });
    const answers = [];
    for (const email of [known.email.toUpperCase(), 'nobody@example.com', off.email]) {
      const { status, body, trips, statements, headers } = await forgot(email);
      expect(body.data.reset_token).toMatch(/^[\w-]{43}$/);
      body.data.reset_token = '';
      answers.push(JSON.stringify({ status, body, trips, statements, names: [...headers.keys()].sort() }));
    }
    expect(JSON.parse(answers[0]!)).toMatchObject({ status: 200, trips: 1 });
    expect(new Set(answers).size).toBe(1);
    expect((await brevo.seen()).mails.map((mail) => mail.to)).toEqual([[{ email: known.email, name: 'Dana Levi' }]]);
    expect(await shop.sql(`select status, payload from outbox where kind <> 'PASSWORD_RESET'`)).toEqual([
      { status: 'SENT', payload: {} },
      { status: 'SENT', payload: {} },
    ]);
  });

  it('keeps no token that could be read', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    const [kept] = await shop.sql('select * from password_resets where user_id = $1', [user.id]);
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(JSON.stringify(await shop.sql('select * from outbox'))).not.toContain(token);
    expect(JSON.stringify(await shop.sql('select * from audit_log'))).not.toContain(token);
  });
});

describe('asking again', () => {
  it('within five minutes gets the same answer for the same work, sends nothing and kills no link', async () => {
    const known = await makeUser(shop);
    await forgot('nobody@example.com');
    const token = await tokenFor(known.email);
    const answers = [];
    for (const email of [known.email, ` ${known.email.toUpperCase()}`, 'nobody@example.com']) {
      await minutesLater(known.id, 2);
      const { status, body, trips, statements, headers } = await forgot(email);
      body.data.reset_token = body.data.reset_token.length;
      answers.push(JSON.stringify({ status, body, trips, statements, names: [...headers.keys()].sort() }));
    }
    expect(new Set(answers).size).toBe(1);
    expect(await mailsTo(known.email)).toBe(1);
    expect((await reset(known.email, token)).status).toBe(200);
  });

  it('after five minutes sends a newer link, which invalidates the old one', async () => {
    const user = await makeUser(shop);
    const old = await tokenFor(user.email);
    await minutesLater(user.id, 6);
    const token = await tokenFor(user.email);
    expect(await mailsTo(user.email)).toBe(2);
    expectRefused(await reset(user.email, old));
    expect((await reset(user.email, token)).status).toBe(200);
  });

  it('sends five mails a day, whatever becomes of their links', async () => {
    const user = await makeUser(shop);
    for (let i = 0; i < 5; i++) {
      expect((await reset(user.email, await tokenFor(user.email), `Another-${i}`)).status).toBe(200);
      await minutesLater(user.id, 10);
    }
    expectRefused(await reset(user.email, await tokenFor(user.email)));
    expect(await mailsTo(user.email)).toBe(5);
    // The first of them was 50 minutes ago.
    await minutesLater(user.id, 24 * 60 - 45);
    expect((await reset(user.email, await tokenFor(user.email))).status).toBe(200);
    expectRefused(await reset(user.email, await tokenFor(user.email)));
    expect(await mailsTo(user.email)).toBe(6);
  });

  it('twenty times at once sends one mail, whose link is good', async () => {
    const user = await makeUser(shop);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenFor(user.email)));
    expect(await mailsTo(user.email)).toBe(1);
    let good = 0;
    for (const token of tokens) good += (await reset(user.email, token)).status === 200 ? 1 : 0;
    expect(good).toBe(1);
  });

  it('is remembered for a day, when the link has long expired', async () => {
    const user = await makeUser(shop);
    await tokenFor(user.email);
    await shop.sql(`update password_resets set expires_at = now() where user_id = $1`, [user.id]);
    await shop.scheduled('0 * * * *');
    await forgot(user.email);
    expect(await mailsTo(user.email)).toBe(1);
    await minutesLater(user.id, 24 * 60 + 1);
    await shop.scheduled('0 * * * *');
    expect(await shop.sql('select from password_resets where user_id = $1', [user.id])).toEqual([]);
  });
});

describe('a reset', () => {
  it('by the mailed link sets the password and ends every session, with one trip', async () => {
    const user = await makeUser(shop);
    const [one, two] = [await signIn(shop, user), await signIn(shop, user)];
    await forgot(user.email);
    const mail = (await brevo.seen()).mails.find(({ to }) => to[0]!.email === user.email)!;
    const link = new URL(/https?:\S+/.exec(mail.textContent!)![0]);
    expect(link.origin).toBe(shop.env.FRONTEND_BASE_URL);
    const answer = await reset(link.searchParams.get('email')!, link.searchParams.get('token')!);
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    for (const token of [one, two]) expect((await shop.request('GET', '/auth/me', { token })).status).toBe(401);
    expect((await login(user.email, user.password)).status).toBe(401);
    expect((await login(user.email, 'Another-1')).status).toBe(200);
    const noted = await shop.sql(`select entity_id from audit_log where action = 'PASSWORD_RESET' and entity_id = $1`, [
      user.id,
    ]);
    expect(noted).toHaveLength(1);
  });

  it('by the link mailed to an email full of signs works as well', async () => {
    const user = await makeUser(shop, { email: "a&b=c%20d+e#f/g?h'!@example.com" });
    await forgot(user.email);
    const mail = (await brevo.seen()).mails.find(({ to }) => to[0]!.email === user.email)!;
    const link = new URL(/https?:\S+/.exec(mail.textContent!)![0]);
    expect(link.searchParams.get('email')).toBe(user.email);
    expect((await reset(link.searchParams.get('email')!, link.searchParams.get('token')!)).status).toBe(200);
  });

  it('of twenty at once with one token succeeds once', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => reset(user.email, token, `Another-${i}`)));
    const winners = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []));
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectRefused(answer);
    expect((await login(user.email, `Another-${winners[0]}`)).status).toBe(200);
  });

  it('takes no token twice, no older one, no expired one, none of somebody else, none that is made up', async () => {
    const user = await makeUser(shop);
    const other = await makeUser(shop);
    const first = await tokenFor(user.email);
    await minutesLater(user.id, 6);
    const second = await tokenFor(user.email);
    expectRefused(await reset(user.email, first));
    expectRefused(await reset(other.email, second));
    expectRefused(await reset('nobody@example.com', second));
    expectRefused(await reset(user.email, `${second}x`));
    expect((await reset(user.email, second)).status).toBe(200);
    expectRefused(await reset(user.email, second));
    await minutesLater(user.id, 6);
    const third = await tokenFor(user.email);
    await shop.sql('update password_resets set expires_at = now() where user_id = $1', [user.id]);
    expectRefused(await reset(user.email, third));
    expect((await login(user.email, 'Another-1')).status).toBe(200);
  });

  it('is valid for half an hour', async () => {
    const user = await makeUser(shop);
    await forgot(user.email);
    const [left] = await shop.sql(
      'select round(extract(epoch from expires_at - now()) / 60)::int as minutes from password_resets where user_id = $1',
      [user.id],
    );
    expect(left).toEqual({ minutes: 30 });
  });

  it('opens no account that was switched off meanwhile', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    await shop.sql('update users set is_active = false where id = $1', [user.id]);
    expectRefused(await reset(user.email, token));
  });

  const admin = once(() => signInAs(shop, 'ADMIN'));
  const byAdmin = async (method: string, path: string, body?: object) => {
    const { token } = await admin();
    return shop.request(method, `/admin/users${path}`, { token, ...(body && { body }) });
  };
  it.each<[string, (user: TestUser) => Promise<unknown>, boolean]>([
    [
      'a change of the password',
      async (user) => {
        const body = { current_password: user.password, new_password: 'Haifa-2026' };
        return shop.request('POST', '/auth/change-password', { token: await signIn(shop, user), body });
      },
      false,
    ],
    ['another role', ({ id }) => byAdmin('PATCH', `/${id}`, { role: 'EMPLOYEE' }), false],
    [
      'switching off and on again',
      async ({ id }) => [await byAdmin('PATCH', `/${id}/toggle`), await byAdmin('PATCH', `/${id}/toggle`)],
      false,
    ],
    [
      'another email, and the old one again',
      async ({ id, email }) => {
        await shop.sql('update users set email = $1 where id = $2', [`moved-${email}`, id]);
        return shop.sql('update users set email = $1 where id = $2', [email, id]);
      },
      false,
    ],
    ['another name', ({ id }) => byAdmin('PATCH', `/${id}`, { full_name: 'Noa Cohen' }), true],
    ['a sign-in', (user) => signIn(shop, user), true],
    [
      'a hash renewed at a higher cost',
      ({ email, password }) =>
        shop.request('POST', '/auth/login', { body: { email, password }, env: { BCRYPT_COST: '5' } }),
      true,
    ],
  ])('after %s', async (_, change, isGood) => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    await change(user);
    const answer = await reset(user.email, token);
    if (isGood) expect(answer.status).toBe(200);
    else expectRefused(answer);
    expect((await login(user.email, 'Another-1')).status).toBe(isGood ? 200 : 401);
  });

  it('asked for while the email is being changed is not sent to the old one', async () => {
    const user = await makeUser(shop);
    // Changes the email, tells so by a lock, then waits for the request to come to the same row, or past it.
    const change = shop.sql(`
      do $$ begin
        update users set email = 'moved-' || email where id = ${user.id};
        perform pg_advisory_xact_lock(${user.id});
        for i in 1..500 loop
          exit when exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid)
            or exists (select from password_resets where user_id = ${user.id});
          perform pg_sleep(0.01);
        end loop;
      end $$`);
    const isChanging = () =>
      shop.sql(
        `select from pg_locks where locktype = 'advisory' and objid = $1
           and database = (select oid from pg_database where datname = current_database())`,
        [user.id],
      );
    while ((await isChanging()).length === 0);
    const token = await tokenFor(user.email);
    await change;
    expect(await mailsTo(user.email)).toBe(0);
    expectRefused(await reset(`moved-${user.email}`, token));
  });

  it('takes turns with requests for links and changes of the password', async () => {
    const user = await makeUser(shop);
    const tokens = [await signIn(shop, user), await signIn(shop, user)];
    const link = await tokenFor(user.email);
    const change = (token: string) => {
      const body = { current_password: user.password, new_password: 'Haifa-2026' };
      return shop.request('POST', '/auth/change-password', { token, body });
    };
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, (_, i) => [forgot(user.email), reset(user.email, link, `Another-${i}`)]).flat(),
      ...tokens.map(change),
    ]);
    const changed = answers.filter(({ status, body }) => status === 200 && (body.data.user || !body.data.reset_token));
    expect(changed).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('with a weak password says so, and leaves the token good', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    const weak = await reset(user.email, token, 'weak');
    expect(weak.body.error.code).toBe('VALIDATION_ERROR');
    expect((await reset(user.email, token)).status).toBe(200);
  });
});

it('production mails token and code, and answers neither', async () => {
  const user = await makeUser(shop);
  // The Worker learns of the test database in development only, and remembers.
  await forgot('first@example.com');
  const mailed: string[] = [];
  const direct = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith('https://api.brevo.com/')) return direct(input, init);
    mailed.push(String(init?.body));
    return Response.json({ messageId: '<1@brevo.test>' }, { status: 201 });
  });
  const env = {
    APP_ENV: 'production',
    DATABASE_GATEWAY_URL: undefined,
    BREVO_API_URL: undefined,
    PUBLIC_CACHE: undefined,
    BCRYPT_COST: '10',
    PAYMENT_PROVIDERS: 'mockpay',
    ALLOW_MOCKPAY: 'true',
    CORS_ALLOWED_ORIGINS: 'https://www.mami.example',
    FRONTEND_BASE_URL: 'https://www.mami.example',
  };
  const forgotten = await shop.request('POST', '/auth/forgot-password', { body: { email: user.email }, env });
  expect(forgotten.status).toBe(200);
  expect(Object.keys(forgotten.body.data)).toEqual(['message']);
  const coded = await shop.request('POST', '/auth/register/send-otp', { body: { email: 'new@example.com' }, env });
  expect(coded.status).toBe(200);
  expect(Object.keys(coded.body.data)).toEqual(['message']);
  expect(mailed).toHaveLength(2);
});
