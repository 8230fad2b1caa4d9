import * as z from 'zod';
import { type HtmlPage, Reply, type Route } from './route.ts';

interface Rendered {
  body: { data: unknown; meta?: { total: number; limit: number; offset: number; has_next: boolean } };
  status: 101 | 200 | 201 | 202;
  headers: Record<string, string>;
  page?: HtmlPage | undefined;
}

export type Renderer = (input: { query: unknown }, answer: unknown) => Rendered;

/** Makes the response body of a route: the data passes the declared schema and goes into the envelope. */
export function rendererOf(spec: Route['spec']): Renderer {
  if (!spec.paged) {
    return (_, answer) => {
      const reply = answer instanceof Reply ? answer : new Reply(answer, {});
      const status = reply.status ?? spec.status ?? 200;
      const schema = (status === 202 && spec.pending) || spec.returns;
      return { body: { data: schema.parse(reply.data) }, status, headers: reply.headers, page: reply.page };
    };
  }
  const schema = z.array(spec.returns);
  const further = z.object(spec.alsoMeta ?? {});
  return ({ query }, answer) => {
    const { items, total } = answer as { items: unknown[]; total: number };
    const { limit, offset } = query as { limit: number; offset: number };
    const meta = { total, limit, offset, has_next: offset + limit < total, ...further.parse(answer) };
    return { body: { data: schema.parse(items), meta }, status: 200, headers: {} };
  };
}
