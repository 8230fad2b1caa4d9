// The React example: against a development run, and against the mock handlers where there is no API at all.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { buildReactExample } from '../../client/example/react/build.ts';
import { pictureAt, Site, sizes } from './site.ts';

const looks = [
  { name: 'phone-light', viewport: sizes.phone, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: sizes.desktop, colorScheme: 'dark' },
] as const;

const add = (page: Page) => page.locator('#catalogue li button').first().click();
const cart = (page: Page) => page.locator('#cart li');

async function picture(page: Page, name: string): Promise<void> {
  const path = pictureAt(`react-${name}.png`);
  if (path) await page.screenshot({ path });
}

describe('with the API', () => {
  let site: Site;
  before(
    async () => {
      site = await Site.open(Number(process.env.PORT ?? 8797));
    },
    { timeout: 120_000 },
  );
  after(() => site?.close());

  for (const { name, ...look } of looks) {
    it(`finds products, fills the cart and pays once though an answer is lost: ${name}`, async () => {
      const { page, complaints } = await site.page(look);
      await page.goto(`${site.origin}/example/react/`);
      await page.locator('#catalogue li').first().waitFor();
      assert.equal(await page.locator('#catalogue li button').first().isDisabled(), true);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.locator('#cart').waitFor();
      await page.fill('[type=search]', 'bread');
      await page.locator('#catalogue li', { hasText: /bread/i }).first().waitFor();
      await add(page);
      await cart(page).first().waitFor();
      await page.getByRole('button', { name: 'Check out' }).click();
      const pay = page.getByRole('button', { name: 'Pay' });
      await pay.waitFor();
      await picture(page, name);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), look.viewport.width);
      const keys: (string | undefined)[] = [];
      await page.route('**/checkout/confirm', async (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        const response = await route.fetch();
        await (keys.length === 1 ? route.abort() : route.fulfill({ response }));
      });
      await pay.click();
      await page.locator('#order').waitFor();
      await cart(page).first().waitFor({ state: 'detached' });
      assert.equal(keys.length, 2);
      assert.equal(keys[0], keys[1]);
      // The answer that this test has lost.
      assert.deepEqual(complaints, ['Failed to load resource: net::ERR_FAILED']);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.locator('#cart').waitFor({ state: 'detached' });
      await page.close();
    });
  }
});

describe('without an API', () => {
  let site: Site;
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'react-example-'));
    await buildReactExample(join(directory, 'example/react'));
    site = await Site.ofFiles(directory, '/example/');
  });
  after(async () => {
    await site?.close();
    await rm(directory, { recursive: true });
  });

  it('shows the examples of the document', async () => {
    const { page, complaints } = await site.page(looks[0]);
    await page.goto(`${site.origin}/example/react/?mock`);
    await page.locator('#catalogue li', { hasText: 'Fresh milk 3%' }).waitFor();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#cart').waitFor();
    for (const quantity of [1, 2, 3]) {
      await add(page);
      await cart(page)
        .filter({ hasText: `${quantity} × Fresh milk 3%` })
        .waitFor();
    }
    await page.getByRole('button', { name: 'Check out' }).click();
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.locator('#order').waitFor();
    await picture(page, 'mock');
    assert.deepEqual(complaints, []);
    await add(page);
    await page.getByRole('alert').filter({ hasText: 'out of stock' }).waitFor();
    await page.close();
  });
});
