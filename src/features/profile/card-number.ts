import { passesLuhn } from '../../payments/cards.ts';

const isCardNumber = (digits: string): boolean => /^\d{12,19}$/.test(digits) && passesLuhn(digits);

/**
 * Whether a text is a card number (spaces and dashes ignored) or contains one as a separate word
 * ("tok_4242424242424242"). Digits inside a longer run of letters and digits count as part of an identifier.
 */
export function holdsCardNumber(text: string): boolean {
  if (isCardNumber(text.replaceAll(/[ ._-]/g, ''))) return true;
  const words = text.match(/(?<![0-9a-z])\d{13,19}(?![0-9a-z])/gi) ?? [];
  return words.some(isCardNumber);
}
