import * as z from 'zod';
import { Id, Instant, line } from '../../http/fields.ts';

export const Synonyms = z
  .object({
    id: Id,
    words: z.array(z.string()).meta({ example: ['cola', 'coke', 'קולה'] }),
    created_at: Instant,
  })
  .meta({ id: 'SearchSynonyms' });

export const NewSynonyms = z
  .strictObject({
    words: z
      .array(line(1, 64))
      .min(2)
      .max(20)
      .meta({
        example: ['cola', 'coke', 'קולה'],
        description: 'Words or phrases of equal meaning, of at most six words each.',
      }),
  })
  .meta({ id: 'NewSearchSynonyms' });
