// The example page against a development run: two windows, one order. Screenshots go to the folder named in SCREENSHOTS.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { pictureAt, Site, sizes } from './site.ts';

const limit = { timeout: 180_000 };
let site: Site;
before(async () => {
  site = await Site.open(8_793);
}, limit);
after(() => site.close());

const looks = [
  { name: 'phone-light', viewport: sizes.phone, colorScheme: 'light' },
  { name: 'phone-dark', viewport: sizes.phone, colorScheme: 'dark' },
  { name: 'desktop-light', viewport: sizes.desktop, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: sizes.desktop, colorScheme: 'dark' },
] as const;

async function openAs(page: Page, account: 'customer' | 'employee'): Promise<void> {
  await page.goto(`${site.origin}/example/`);
  await page.click(`[data-account=${account}]`);
  await isShown(page);
}

async function isShown(page: Page): Promise<void> {
  await page.locator('main:not([aria-busy]) .card').first().waitFor();
  await page.locator('#state[data-state=open]').waitFor();
}

for (const account of ['customer', 'employee'] as const) {
  it(`looks right in each size, light and dark, from both sides: ${account}`, limit, async () => {
    const { page, complaints } = await site.page({ locale: 'en-GB' });
    await openAs(page, account);
    for (const direction of ['ltr', 'rtl']) {
      for (const { name, viewport, colorScheme } of looks) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        assert.equal(await page.getAttribute('html', 'dir'), direction);
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await page.evaluate(overflow), 0, 'no sideways scrolling');
        const path = pictureAt(`live-${account}-${name}-${direction}.png`);
        if (path) await page.screenshot({ path });
      }
      await page.click('#language');
      await isShown(page);
    }
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

it('shows the customer a line a moment after it is picked', limit, async () => {
  const [customer, staff] = [await site.page({ locale: 'he-IL' }), await site.page({ locale: 'en-GB' })];
  await openAs(customer.page, 'customer');
  await openAs(staff.page, 'employee');
  const order = Number(await customer.page.locator('select').inputValue());
  const branch = await branchOf(order);
  await staff.page.locator('select').selectOption(String(branch));
  const pending = customer.page.locator('.lines .PENDING');
  const before = await pending.count();
  assert.ok(before > 0, 'the first order of the demo customer is still to be picked');
  await staff.page.locator(`[data-order="${order}"] button`).click();
  await customer.page.locator('.lines .PICKED').first().waitFor();
  assert.ok((await pending.count()) < before);
  assert.deepEqual([customer.complaints, staff.complaints], [[], []]);
});

async function branchOf(orderId: number): Promise<number> {
  const call = async (path: string, init: RequestInit = {}) =>
    ((await (await fetch(`${site.origin}/api/v1${path}`, init)).json()) as { data: any }).data;
  const body = JSON.stringify({ email: 'employee@mami.local', password: 'Password1' });
  const headers = { 'Content-Type': 'application/json' };
  const { access_token } = await call('/auth/login', { method: 'POST', headers, body });
  return (await call(`/ops/orders/${orderId}`, { headers: { Authorization: `Bearer ${access_token}` } })).branch_id;
}
