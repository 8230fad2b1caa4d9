export type CardBrand = 'visa' | 'mastercard' | 'amex' | 'other';

export interface CardInput {
  card_number: string;
  exp_month?: number | null | undefined;
  exp_year?: number | null | undefined;
}

export interface TokenizedCard {
  providerToken: string;
  brand: CardBrand;
  last4: string;
}

/** A card that cannot be saved; `path` is the invalid request field, and the message never contains the number. */
export class InvalidCard extends Error {
  override readonly name = 'InvalidCard';
  readonly path: keyof CardInput;

  constructor(path: keyof CardInput, message: string) {
    super(message);
    this.path = path;
  }
}

/** The digits of a card number as typed (spaces and dashes allowed); throws `InvalidCard`. */
export function cardDigits(cardNumber: string): string {
  const digits = cardNumber.replaceAll(/[ -]/g, '');
  if (!/^\d{12,19}$/.test(digits)) throw new InvalidCard('card_number', 'A card number has 12 to 19 digits');
  if (!passesLuhn(digits)) throw new InvalidCard('card_number', 'This is not a valid card number');
  return digits;
}

export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = Number(digits.at(-1 - fromRight));
    const weighted = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum > 0 && sum % 10 === 0;
}

export function brandOf(digits: string): CardBrand {
  if (digits.startsWith('4')) return 'visa';
  if (/^3[47]/.test(digits)) return 'amex';
  const prefix = Number(digits.slice(0, 4));
  return (prefix >= 5100 && prefix <= 5599) || (prefix >= 2221 && prefix <= 2720) ? 'mastercard' : 'other';
}

/** A card is good until the last instant of its month; without a month, of its year. */
export function refuseExpired({ exp_month, exp_year }: CardInput, now: Date): void {
  if (exp_year == null) return;
  const endOfValidity = Date.UTC(exp_year, exp_month ?? 12, 1);
  if (endOfValidity <= now.getTime()) {
    throw new InvalidCard(exp_month == null ? 'exp_year' : 'exp_month', 'This card has expired');
  }
}
