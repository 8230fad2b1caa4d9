const refuse = (milliseconds: number) => (): never => {
  throw new DOMException(`No answer within ${milliseconds} ms`, 'TimeoutError');
};

/**
 * The answer, or what `late` gives when it takes too long. The work itself goes on: only the waiting ends.
 * @param late by default throws
 * @throws TimeoutError when it is not in time and there is no `late`
 */
export async function inTime<T, L = never>(
  milliseconds: number,
  answer: Promise<T>,
  late: () => L = refuse(milliseconds),
): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([answer, deadline.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
