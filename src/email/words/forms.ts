type Rule = Intl.LDMLPluralRule;

/** A number with its noun: `#` in the form that the language has for this number. */
export function counted(language: string, forms: Partial<Record<Rule, string>> & { other: string }, count: number) {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return form.replace('#', String(count));
}

/** An amount as people of the language write it. */
export const money = (locale: string, amount: string, currency: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(amount));
