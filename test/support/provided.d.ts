import 'vitest';

declare module 'vitest' {
  /** What the global setup hands to the test files. */
  interface ProvidedContext {
    gatewayUrl: string;
    gatewayControlUrl: string;
    /** A gateway to the same databases that does as Neon's proxy does. */
    neonUrl: string;
    neonControlUrl: string;
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
