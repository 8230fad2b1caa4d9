import { codeOf, type Send } from './retry.ts';

export interface Session {
  access_token: string;
  refresh_token: string;
}

/** Where a session lives between calls; what answers later may answer with a promise, as a phone's secure storage does. */
export interface SessionStore {
  load(): Session | undefined | Promise<Session | undefined>;
  /** Nothing: the session is over. */
  save(session: Session | undefined): void | Promise<void>;
}

/** Sends the access token along, and refreshes it once for all who find it expired. */
export function signing(send: Send, sessions: SessionStore, baseUrl: string): Send {
  let refreshing: Promise<void> | undefined;
  /** What the last refresh made of which access token: a slow store may answer with what was there before. */
  let renewed: { from: string; to: Session | undefined } | undefined;

  const refresh = async (session: Session): Promise<void> => {
    const request = new Request(new URL('/api/v1/auth/refresh', baseUrl), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token: session.refresh_token }),
    });
    const answer = await send(request);
    if (!answer.ok && answer.status !== 401) return;
    const to = answer.ok ? ((await answer.json()) as { data: Session }).data : undefined;
    renewed = { from: session.access_token, to };
    await sessions.save(to);
  };

  return async (request) => {
    const session = await sessions.load();
    const answer = await send(withToken(request, session));
    if (!session || answer.status !== 401 || request.headers.has('authorization')) return answer;
    const code = await codeOf(answer);
    if (code === 'AUTH_REQUIRED') await sessions.save(undefined);
    if (code !== 'TOKEN_EXPIRED') return answer;
    const isStored = (await sessions.load())?.access_token === session.access_token;
    if (isStored && renewed?.from !== session.access_token) {
      refreshing ??= refresh(session).finally(() => {
        refreshing = undefined;
      });
      await refreshing;
    }
    const next = renewed?.from === session.access_token ? renewed.to : await sessions.load();
    return next && next.access_token !== session.access_token ? send(withToken(request, next)) : answer;
  };
}

function withToken(request: Request, session: Session | undefined): Request {
  const signed = request.clone();
  if (session && !signed.headers.has('authorization')) {
    signed.headers.set('Authorization', `Bearer ${session.access_token}`);
  }
  return signed;
}
