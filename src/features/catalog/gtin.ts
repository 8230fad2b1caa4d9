/** Whether a text is a GTIN of 8, 12, 13 or 14 digits with the right check digit: from its left neighbour on, digits weigh 3 and 1 in turns. */
export function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}
