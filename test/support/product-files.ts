import type { Shop, ShopResponse } from './shop.ts';

const quoted = (cell: string | number): string => `"${String(cell).replaceAll('"', '""')}"`;

/** A CSV file, every cell in quotes. */
export const csv = (...lines: (string | number)[][]): string =>
  lines.map((cells) => cells.map(quoted).join(',')).join('\n');

/** Imports a file of products. */
export function importProducts(
  shop: Shop,
  token: string,
  file: string | Uint8Array<ArrayBuffer>,
  query = '',
): Promise<ShopResponse> {
  const form = new FormData();
  form.set('file', new File([file], 'products.csv', { type: 'text/csv' }));
  return shop.request('POST', `/admin/products/bulk${query}`, { token, rawBody: form });
}

/** What became of each row: its action or its error. */
export function outcomes({ status, body, text }: ShopResponse): Record<number, string> {
  if (status !== 202) throw new Error(text);
  const { results, error_details } = body.data;
  return Object.fromEntries([
    ...results.map((each: any) => [each.row_number, each.action]),
    ...error_details.map((each: any) => [each.row_number, each.error]),
  ]);
}
