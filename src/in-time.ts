const refuse = (milliseconds: number) => (): never => {
  throw new DOMException(`No answer within ${milliseconds} ms`, 'TimeoutError');
};

/**
 * The answer, or what `late` gives when it takes too long. The work itself goes on: only the waiting ends.
 * @param late by default throws
 * @throws TimeoutError when it is not in time and there is no `late`
 */
export function inTime<T, L = never>(
  milliseconds: number,
  answer: Promise<T>,
  late: () => L = refuse(milliseconds),
): Promise<T | L> {
  // One promise: a race, a deadline and an async function would be five more for each call.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve((async () => late())()), milliseconds);
    const ended =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer);
        settle(value);
      };
    answer.then(ended(resolve), ended(reject));
  });
}
