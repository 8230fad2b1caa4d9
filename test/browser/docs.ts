import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { pictureAt, Site, sizes } from './site.ts';

// `npm run test:browser`: the reference page in the Chromium of the system, against a development run of its own.
const port = Number(process.env.PORT ?? 8797);
const origin = `http://localhost:${port}`;
const tryIt = 'tag/cart/POST/api/v1/cart/items';

let site: Site;
before(
  async () => {
    site = await Site.open(port);
  },
  { timeout: 120_000 },
);
after(() => site?.close());

/** The page, with what it complained of and whom else it asked. */
async function open(size: keyof typeof sizes, colorScheme: 'light' | 'dark') {
  const { page, complaints } = await site.page({ viewport: sizes[size], colorScheme });
  await page.goto(`${origin}/docs`);
  await page.waitForSelector('#reference h1');
  const picture = (name: string) => {
    const path = pictureAt(`${size}-${colorScheme}-${name}.png`);
    return path === undefined ? undefined : page.screenshot({ path });
  };
  return { page, complaints, picture };
}

async function signIn(page: Page, password = 'Password1'): Promise<void> {
  await page.fill('[name=email]', 'customer@mami.local');
  await page.fill('[name=password]', password);
  await page.click('#sign-in button');
}

/** Opens the call by its address and sends the example of its body. */
async function addToCart(page: Page): Promise<string | null> {
  await page.evaluate(`location.hash = '${tryIt}'`);
  await page.locator(`[id$="${tryIt}"]`).getByRole('button', { name: 'Test Request' }).click();
  await page.locator('[data-addressbar-action=send]:visible').click();
  const status = page.getByText(/^\d{3} [A-Z]/).first();
  await status.waitFor();
  return status.textContent();
}

for (const size of ['phone', 'desktop'] as const) {
  for (const scheme of ['light', 'dark'] as const) {
    describe(`the reference on a ${size}, ${scheme}`, () => {
      it('lets a reader sign in and try a call, and asks nobody else', async () => {
        const { page, complaints, picture } = await open(size, scheme);
        await picture('start');
        await signIn(page);
        await page.waitForSelector('#signed-in:not([hidden])');
        assert.match((await page.textContent('#who')) ?? '', /CUSTOMER/);
        assert.match((await addToCart(page)) ?? '', /201/);
        await picture('tried');
        await page.keyboard.press('Escape');
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), sizes[size].width);
        const bright = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        assert.equal(bright === 'rgb(255, 255, 255)', scheme === 'light');
        await page.click('#sign-out');
        await page.waitForSelector('#sign-in:not([hidden])');
        assert.deepEqual(complaints, []);
        await page.close();
      });
    });
  }
}

it('says what is wrong with a sign-in', async () => {
  const { page } = await open('desktop', 'light');
  await signIn(page, 'Password9');
  await page.locator('#message', { hasText: 'wrong' }).waitFor();
  assert.equal(await page.isVisible('#signed-in'), false);
  await page.close();
});

it('keeps scripts of others out', async () => {
  for (const path of ['/docs/', '/docs/docs.js', '/docs/vendor/scalar.js']) {
    const { headers, status } = await fetch(origin + path);
    assert.equal(status, 200, path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self';/, path);
    assert.match(policy, /connect-src 'self';/, path);
    // Of styles alone: docs/decisions/0052-reference-page-by-scalar.md
    assert.doesNotMatch(policy.replace("style-src 'self' 'unsafe-inline';", ''), /unsafe/, path);
  }
  const { headers } = await fetch(`${origin}/openapi.json`);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
});
