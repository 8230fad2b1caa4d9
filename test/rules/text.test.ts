import { describe, expect, it } from 'vitest';
import { shapeOf } from '../support/arbitrary.ts';
import { routes } from '../support/calls/index.ts';

const DECEIVING = {
  'a right-to-left override': '\u202e',
  'a left-to-right override': '\u202d',
  'an embedding': '\u202b',
  'an isolate': '\u2067',
  'a line separator': '\u2028',
  'a paragraph separator': '\u2029',
  'a next line': '\u0085',
  'a tag': '\u{e0041}',
  'a Hangul filler': '\u3164',
  'a halfwidth filler': '\uffa0',
  'a choseong filler': '\u115f',
  'a blank Braille cell': '\u2800',
  'an annotation': '\ufff9',
  'a control character': '\u0007',
  'half a character': '\ud800',
};
const UNSEEN = [
  '\u200b\u200b',
  '\u200f\u200e\u200f',
  '\u00ad\u2060\ufeff\u00ad',
  '\u200d \u200c',
  '\u0301\ufe0f\u0301',
];
/** As people write: joiners and marks of direction have their place. */
const WELCOME = ['می\u200cخواهم', 'ශ්\u200dරී ලංකා', 'שלום\u200f', '\u200eHaifa', 'Cafe\u0301 Noir', 'ＡＢ　ＣＤ'];

interface Field {
  name: string;
  takes(text: string): boolean;
}

/** Every field of every body that takes text of one line, whatever it is for. */
const fields: Field[] = routes.flatMap(({ name: route, route: { spec } }) =>
  Object.entries(spec.body ? shapeOf(spec.body) : {})
    .map(([key, schema]) => ({
      name: `${key} of ${route}`,
      takes: (text: string) => '_zod' in schema && (schema as any).safeParse(text).success,
    }))
    .filter(({ takes }) => takes('Visible text') && !takes('Visible\ntext')),
);

describe('a text of one line', () => {
  it('is found in many bodies', () => {
    expect(fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'full_name of POST /auth/register',
        'name of POST /admin/categories',
        'name of PATCH /admin/products/{id}',
        'address of POST /admin/branches',
        'city of POST /me/addresses',
        'reason of PATCH /admin/inventory/{id}',
        'title of POST /catalog/products/{id}/reviews',
        'address of POST /checkout/preview',
      ]),
    );
  });

  it.each(fields)('$name hides, turns and breaks nothing', ({ takes }) => {
    for (const [what, sign] of Object.entries(DECEIVING)) {
      expect([what, takes(`Visible${sign} text`)]).toEqual([what, false]);
    }
  });

  it.each(fields)('$name has something to see', ({ takes }) => {
    for (const text of UNSEEN) expect([text, takes(text)]).toEqual([text, false]);
  });

  it.each(fields.filter(({ name }) => !name.includes('/me/payment-tokens')))(
    '$name keeps what scripts need',
    ({ takes }) => {
      for (const text of WELCOME) expect([text, takes(text)]).toEqual([text, true]);
    },
  );
});
