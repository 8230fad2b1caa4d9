import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { guard, statement, textArray } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { NewSynonyms, Synonyms } from './schemas.ts';

/** @throws AppError 422 when a search cannot tell two of them apart, or finds no word in them */
export async function createSynonyms(call: SignedInCall, { words }: z.output<typeof NewSynonyms>) {
  const list = textArray(words);
  const [, rows] = await call.batch([
    guard(
      sql`(select count(*) >= 2 and coalesce(max(cardinality(string_to_array(phrase, ' '))), 0) <= 6
           from unnest(synonym_phrases(${list})) phrase)`,
      'SYNONYMS_ALIKE',
    ),
    statement<z.input<typeof Synonyms>>(sql`
      insert into search_synonyms (words, phrases) values (${list}, synonym_phrases(${list}))
      returning id, words, created_at`),
    statement(
      sql`select learn_synonyms(array(select id from search_synonyms where phrases = synonym_phrases(${list})))`,
    ),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export async function deleteSynonyms(call: SignedInCall, id: number) {
  const [rows] = await call.batch([
    statement<{ id: number }>(sql`delete from search_synonyms where id = ${id} returning id`),
  ]);
  onlyRow(rows, 'NOT_FOUND');
  return { success: true as const };
}
