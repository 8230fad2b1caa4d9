import 'vitest';

declare module 'vitest' {
  /** What the global setup hands to the test files. */
  interface ProvidedContext {
    gatewayUrl: string;
    gatewayControlUrl: string;
    /** Connections to the migrated template; a test file puts its own database's name in. */
    ownerUrl: string;
    appUrl: string;
    brevoUrl: string;
    paymentUrl: string;
    stripeUrl: string;
    judgeUrl: string;
    receiverUrl: string;
  }
}
