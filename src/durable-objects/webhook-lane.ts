import { DurableObject } from 'cloudflare:workers';
import type { AddressRules } from '../webhooks/resolve.ts';
import { type Message, type SendOutcome, sendMessage } from '../webhooks/send.ts';

/**
 * Sends the messages of one receiver. An invocation has six connections: one object for each receiver keeps a slow one from taking
 * those of the others. It stores nothing: what is to be sent, and what became of it, is in the database.
 */
export class WebhookLane extends DurableObject {
  async deliver(messages: readonly Message[], rules: AddressRules): Promise<SendOutcome[]> {
    return Promise.all(messages.map((message) => sendMessage(message, rules)));
  }
}
