import type { z } from 'zod';
import type { ApiScope, Role } from '../db/schema/words.ts';
import type { ErrorCode } from '../errors.ts';
import type { RateLimitKind } from '../rate-limits/kinds.ts';
import type { Products, Topic } from './cache/invalidation-log.ts';
import type { Ahead, Call, Identity, SignedInCall } from './context.ts';
import type { RateLimitMode } from './rate-limit/rate-limit.ts';

export const CUSTOMERS = ['CUSTOMER', 'ADMIN'] as const satisfies readonly Role[];
export const STAFF = ['EMPLOYEE', 'MANAGER', 'ADMIN'] as const satisfies readonly Role[];
export const MANAGERS = ['MANAGER', 'ADMIN'] as const satisfies readonly Role[];
export const ADMINS = ['ADMIN'] as const satisfies readonly Role[];
export const SIGNED_IN = ['CUSTOMER', 'EMPLOYEE', 'MANAGER', 'ADMIN'] as const satisfies readonly Role[];

type Nothing = z.ZodObject<Record<never, never>>;

/** The declaration of a route: who may call it, what comes in and what goes out. Its handler is only reached through it. */
export interface RouteSpec<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  H extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  G extends boolean = boolean,
  W extends z.ZodType = z.ZodType,
  F extends z.ZodObject = z.ZodObject,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Relative to the base path of its feature, with `{id}` for parameters. */
  path: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  headers?: H;
  body?: B;
  /** The body may be left out altogether. */
  bodyOptional?: true;
  /** Name of the multipart field that holds the uploaded file. */
  upload?: string;
  /** The other fields of that form. */
  form?: F;
  /** The body is taken as it is, up to this many bytes, and handed on as `file`. */
  rawBodyLimit?: number;
  /** Schema of `data`, or of one item where the route is `paged`. */
  returns: R;
  /** Schema of `data` of a 202, where the handler may choose that status and answers something else then. */
  pending?: W;
  /** The handler returns `{items, total}`, and the envelope gets `meta`. */
  paged?: G;
  /** Further fields of `meta`, where the route is `paged`; the handler answers them beside `items` and `total`. */
  alsoMeta?: Record<string, z.ZodType>;
  /** The handler answers with a `Download` of this media type, such as the example; `returns` says nothing then. */
  downloads?: { type: 'text/csv'; example: string };
  /** 101: a WebSocket. The handler answers with the response that opens it; `returns` is a message that comes through. */
  status?: 101 | 200 | 201 | 202;
  /** The handler may answer with a page (`text/html`) where the client prefers one. */
  alsoHtml?: true;
  /** Other success statuses that the handler may choose. */
  alsoStatus?: readonly (200 | 201)[];
  /** Error codes besides those that every such route can answer. */
  errors?: readonly ErrorCode[];
  /** Staff may call it before they have set up the TOTP that the shop requires. */
  beforeTotp?: true;
  /** Customers may call it as well, but staff see what is of others here: they need TOTP as on their own routes. */
  staffSeeOthers?: true;
  /** An API key with one of them may call it; absent: no key may. */
  scopes?: readonly ApiScope[];
  /** A caller without the role leaves an ACCESS_DENIED row for this entity in the audit. */
  auditDenied?: string;
  /** A rate limit of its own instead of that of its kind, for example `5 per minute`. */
  limit?: string;
  /** Its kind, where that does not follow from method and roles. */
  limitKind?: RateLimitKind;
  limitMode?: RateLimitMode;
  /** Begins what would otherwise wait for the rate limiter; canceled when the request is refused before its handler. */
  ahead?: (env: Env, identity: Identity, headers: Headers) => Ahead | undefined;
  /** How many seconds old a public read may be; absent: never cached. */
  cacheSeconds?: number;
  /** Its texts follow `lang` in the query and `Accept-Language`, and so does what is cached. */
  translated?: true;
  /** What a cached response depends on: a change of it by this isolate invalidates the response. Absent: everything. */
  dependsOn?: readonly Topic[];
  /** The products whose stock or rating a response shows; undefined: any, because they decide what is listed. */
  shows?: (
    data: G extends true ? z.output<R>[] : z.output<R>,
    input: { params: z.output<P>; query: z.output<Q> },
  ) => Products;
  /** What this route may change of what public reads depend on. A command that knows the products calls `call.productsChanged`. */
  changes?: readonly Topic[];
  /** It changes nothing that there are events for, although its feature does: nobody is told. */
  makesNoEvents?: true;
}

interface Input<
  P extends z.ZodType,
  Q extends z.ZodType,
  H extends z.ZodType,
  B extends z.ZodType,
  F extends z.ZodType,
> {
  params: z.output<P>;
  query: z.output<Q>;
  headers: z.output<H>;
  body: z.output<B>;
  form: z.output<F>;
  /** Text of the uploaded file, or of the raw body. */
  file: string;
}

/** A page for people, and the content security policy that it needs. */
export interface HtmlPage {
  html: string;
  policy: string;
}

/** A file, sent as it is produced. */
export class Download {
  readonly filename: string;
  readonly type: string;
  readonly body: ReadableStream<Uint8Array>;
  constructor(filename: string, type: string, body: ReadableStream<Uint8Array>) {
    this.filename = filename;
    this.type = type;
    this.body = body;
  }
}

/** A result with a status or headers that the handler chose. */
export class Reply<Data> {
  readonly data: Data;
  readonly status: 200 | 201 | 202 | undefined;
  readonly headers: Record<string, string>;
  /** Sent instead of JSON. */
  readonly page: HtmlPage | undefined;
  constructor(
    data: Data,
    options: { status?: 200 | 201 | 202; headers?: Record<string, string>; page?: HtmlPage | undefined },
  ) {
    this.data = data;
    this.status = options.status;
    this.headers = options.headers ?? {};
    this.page = options.page;
  }
}

type Answer<R extends z.ZodType, G extends boolean, W extends z.ZodType> = G extends true
  ? { items: z.input<R>[]; total: number }
  : z.input<R> | Download | Reply<z.input<R> | z.input<W>> | Response;

/** A declared route without its type parameters, as `mount` takes it. */
export interface Route {
  readonly spec: RouteSpec;
  /** Null for a public route. */
  readonly roles: readonly Role[] | null;
  readonly handle: (
    call: Call | SignedInCall,
    input: Input<z.ZodType, z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
  ) => Promise<unknown>;
}

/** Own account and shopping need no second factor, the work of staff does. */
export const needsTotp = ({ roles, spec }: Route): boolean =>
  roles !== null && (!roles.includes('CUSTOMER') || spec.staffSeeOthers === true) && !spec.beforeTotp;

/** Declares a route that anyone may call. */
export function publicRoute<
  R extends z.ZodType,
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  G extends boolean = false,
  W extends z.ZodType = z.ZodNever,
  F extends z.ZodObject = Nothing,
>(
  spec: RouteSpec<P, Q, H, B, R, G, W, F>,
  handle: (call: Call, input: Input<P, Q, H, B, F>) => Promise<Answer<R, G, W>>,
): Route {
  return { spec: spec as unknown as RouteSpec, roles: null, handle: handle as Route['handle'] };
}

/** Declares a route for these roles: other callers are refused before body and ids are read. */
export function protectedRoute<
  R extends z.ZodType,
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  G extends boolean = false,
  W extends z.ZodType = z.ZodNever,
  F extends z.ZodObject = Nothing,
>(
  roles: readonly Role[],
  spec: RouteSpec<P, Q, H, B, R, G, W, F>,
  handle: (call: SignedInCall, input: Input<P, Q, H, B, F>) => Promise<Answer<R, G, W>>,
): Route {
  return { spec: spec as unknown as RouteSpec, roles, handle: handle as Route['handle'] };
}

/** The routes of one feature under one base path. */
export interface Feature {
  readonly basePath: string;
  readonly tag: string;
  readonly routes: readonly Route[];
}

export const feature = (basePath: string, tag: string, routes: readonly Route[]): Feature => ({
  basePath,
  tag,
  routes,
});
