import * as z from 'zod';
import type { Language } from '../db/schema/words.ts';

type Texts = Partial<Record<string, string | null>>;

/** The languages that have texts, each with those that say something. */
const filled = (
  languages: Partial<Record<Language, Texts | null>>,
): Partial<Record<Language, Record<string, string>>> =>
  Object.fromEntries(
    Object.entries(languages).flatMap(([language, texts]) => {
      const given = Object.entries(texts ?? {}).filter(([, text]) => text);
      return given.length > 0 ? [[language, Object.fromEntries(given)]] : [];
    }),
  );

/** The texts of a thing in other languages, in a body. */
export const translationsInput = (fields: Record<string, z.ZodType<string | null | undefined>>) => {
  const texts = z.strictObject(fields).nullish();
  return z
    .strictObject({ he: texts, en: texts, ar: texts, ru: texts })
    .nullish()
    .transform((languages) =>
      languages === undefined ? undefined : filled((languages ?? {}) as Record<Language, Texts>),
    )
    .meta({
      description:
        'Texts by language; they replace all that were there. What has no translation is shown as the main text.',
    });
};

const Text = z.string().optional();
const Texts = z.object({ name: Text, description: Text, address: Text }).optional();

export const Translations = z
  .object({ he: Texts, en: Texts, ar: Texts, ru: Texts })
  .meta({ id: 'Translations', example: { he: { name: 'חלב טרי 3%', description: 'חלב טרי מפוסטר בקרטון.' } } });
