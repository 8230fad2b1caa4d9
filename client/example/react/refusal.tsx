/** Why something did not work: refusals of the API are errors, with its sentence as their message. */
export function Refusal({ of }: { of: unknown }) {
  return of instanceof Error ? <p role="alert">{of.message}</p> : null;
}
