import * as z from 'zod';
import { LANGUAGES, type Language } from '../db/schema/words.ts';

/** As browsers still call them: Hebrew was `iw` until 1989. */
const OLD_NAMES: Record<string, string> = { iw: 'he' };

const supported = (tag: string): Language | undefined => {
  const primary = tag.trim().toLowerCase().split('-')[0] ?? '';
  return LANGUAGES.find((language) => language === (OLD_NAMES[primary] ?? primary));
};

/** A language in a query, whose answer is in the main texts when it is none of ours. */
const LangText = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/, 'must be a language such as he or en-GB')
  .transform((tag): Language | 'main' => supported(tag) ?? 'main')
  .meta({
    type: 'string',
    pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$',
    example: 'he',
    description: `The language of names and descriptions: ${LANGUAGES.join(', ')}. It precedes \`Accept-Language\`. Texts without a translation, and other languages, are answered as the shop wrote them.`,
  });

/** The query of a read whose texts are translated. */
export const InLanguage = z.object({ lang: LangText.optional() });

const MAX_KNOWN = 1_000;
const known = new Map<string, Language | undefined>();

/** The supported language that an `Accept-Language` header prefers; undefined: the main texts. Headers repeat, so results are kept. */
export function acceptedLanguage(header: string | null): Language | undefined {
  if (header === null) return undefined;
  if (known.has(header)) return known.get(header);
  if (known.size >= MAX_KNOWN) known.clear();
  const language = preferred(header);
  known.set(header, language);
  return language;
}

function preferred(header: string): Language | undefined {
  const wishes = header
    .split(',', 20)
    .map((wish) => {
      const [tag = '', ...parameters] = wish.split(';');
      const weight = parameters.map((each) => /^\s*q=([\d.]+)\s*$/i.exec(each)?.[1]).find((each) => each !== undefined);
      return { language: supported(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ language, weight }) => language !== undefined && weight > 0);
  // Stable: among equal weights the first one counts.
  return wishes.sort((a, b) => b.weight - a.weight)[0]?.language;
}

/** What a request wants: its query, else its header. */
export function languageOf(lang: string | undefined, header: string | null): Language | undefined {
  return lang === undefined ? acceptedLanguage(header) : supported(lang);
}
