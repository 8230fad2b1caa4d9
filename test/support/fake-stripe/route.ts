import type { Account } from './account.ts';
import type { Params, Spec } from './form.ts';

/** One request, ready for its handler. */
export interface Call {
  account: Account;
  params: Params;
  /** The object of the path; empty where the path names none. */
  id: string;
  /** Where the stand-in is reached, for the pages a customer is sent to. */
  base: string;
}

export interface Route {
  /** As in `POST /v1/payment_intents/:id/capture`. */
  route: string;
  spec: Spec;
  handle(call: Call): unknown;
  /** Also for the publishable key, with the client secret of the intent. */
  publishable?: boolean;
}
