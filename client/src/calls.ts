import type { Client } from './generated/client/index.ts';
import type { paths } from './generated/operations.gen.ts';
import type { Calls } from './operation.ts';

interface AnyInit extends Omit<RequestInit, 'body' | 'method'> {
  body?: unknown;
  params?: { header?: object; path?: Record<string, unknown>; query?: Record<string, unknown> };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Calls by method and path, through the generated client. @throws what `fetch` throws when there is no answer */
export function callsOf(client: Client): Calls<paths> {
  const call =
    (method: (typeof METHODS)[number]) =>
    async (url: string, init: AnyInit = {}) => {
      const { params = {}, ...rest } = init;
      const headers = new Headers(rest.headers);
      for (const [name, value] of Object.entries(params.header ?? {})) headers.set(name, String(value));
      const form = rest.body instanceof FormData;
      const { data, error, response } = await client.request({
        ...rest,
        ...(params.path && { path: params.path }),
        ...(params.query && { query: params.query }),
        ...(form && { bodySerializer: (body: unknown) => body }),
        headers: form ? { ...Object.fromEntries(headers), 'Content-Type': null } : headers,
        method,
        url,
      });
      if (!response) throw error;
      return response.ok ? { data, response } : { error, response };
    };
  return Object.fromEntries(METHODS.map((method) => [method, call(method)])) as unknown as Calls<paths>;
}
