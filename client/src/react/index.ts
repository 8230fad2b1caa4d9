export * from '../generated/@tanstack/react-query.gen.ts';
export { createQueryClient, keepFresh } from './freshness.ts';
export { useIdempotentMutation } from './idempotent.ts';
