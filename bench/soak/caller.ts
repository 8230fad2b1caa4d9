import { setTimeout as sleep } from 'node:timers/promises';
import { API } from './stage.ts';

/** The response; status 0 means there was none. */
export interface Answer<Data> {
  status: number;
  /** Undefined unless the request succeeded. */
  data: Data | undefined;
  code: string;
}

export class Figures {
  readonly counts: Record<string, number> = {};
  /** Responses that no injected fault explains. */
  readonly unexplained: string[] = [];

  count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }
}

/** A signed-in client that retries when the connection fails. */
export class Caller {
  #token = '';
  readonly #email: string;
  readonly #figures: Figures;

  constructor(email: string, figures: Figures) {
    this.#email = email;
    this.#figures = figures;
  }

  async signIn(): Promise<void> {
    for (;;) {
      const { data } = await this.call<{ access_token: string }>('POST', '/auth/login', {
        email: this.#email,
        password: 'Password1',
      });
      if (data) {
        this.#token = data.access_token;
        return;
      }
      await sleep(300);
    }
  }

  async call<Data>(
    method: string,
    path: string,
    body?: object | FormData,
    headers: Record<string, string> = {},
  ): Promise<Answer<Data>> {
    const isForm = body instanceof FormData;
    this.#figures.count('requests');
    try {
      const response = await fetch(API + path, {
        method,
        headers: {
          'cf-connecting-ip': address(),
          ...(this.#token && { authorization: `Bearer ${this.#token}` }),
          ...(body && !isForm && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: isForm ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const answer = (await response.json()) as { data?: Data; error?: { code: string } };
      this.#figures.count(`answers ${response.status}`);
      const code = answer.error?.code ?? '';
      if (response.status === 500 || response.status === 401) {
        this.#figures.unexplained.push(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      }
      return { status: response.status, data: answer.data, code };
    } catch {
      this.#figures.count('lines gone dead');
      return { status: 0, data: undefined, code: '' };
    }
  }
}

const address = (): string => `10.${[0, 0, 0].map(() => below(256)).join('.')}`;
export const below = (n: number): number => Math.floor(Math.random() * n);
export const chance = (part: number): boolean => Math.random() < part;
export const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
export const pause = (ms: number): Promise<void> => sleep(ms * (0.5 + Math.random()));
