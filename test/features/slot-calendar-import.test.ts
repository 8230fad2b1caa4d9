import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makeSlot, makeUser, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let manager: string;
let branchId: number;
let today: string;
beforeAll(async () => {
  shop = await openShop();
  manager = (await signInAs(shop, 'MANAGER')).token;
  [{ today }] = (await shop.sql(`select (now() at time zone 'Asia/Jerusalem')::date::text as today`)) as [
    { today: string },
  ];
});
/** Slots from 06:00 to 22:00 every day. */
beforeEach(async () => {
  branchId = await makeBranch(shop);
  for (let day = 0; day < 7; day++) {
    for (let hour = 6; hour < 22; hour += 2) {
      await makeSlot(shop, { branchId, dayOfWeek: day, startTime: `${String(hour).padStart(2, '0')}:00` });
    }
  }
});

const calendar = (...events: string[][]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//EN',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
    '',
  ].join('\r\n');
const upload = (text: string | Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}, token = manager) => {
  const form = new FormData();
  form.set('file', new File([text], 'shabbat.ics', { type: 'text/calendar' }));
  for (const [name, value] of Object.entries({ branch_id: String(branchId), ...fields })) form.set(name, value);
  return shop.request('POST', '/admin/slot-exceptions/import', { token, rawBody: form });
};
const closed = () =>
  shop.sql<{ date: string; start: string | null; reason: string }>(
    `select x.date::text, to_char(d.start_time, 'HH24:MI') as start, x.reason from slot_exceptions x
     left join delivery_slots d on d.id = x.slot_id where x.branch_id = $1 and x.closed order by x.date, d.start_time`,
    [branchId],
  );
const times = async () => (await closed()).map(({ date, start }) => `${date} ${start ?? 'all day'}`);
const errorsOf = async (text: string) => (await upload(text)).body.data.errors;

describe('an iCalendar file', () => {
  it('closes the days of all-day events; a repeat changes nothing', async () => {
    const text = calendar(
      [
        'UID:1',
        'DTSTART;VALUE=DATE:20400329',
        'DTEND;VALUE=DATE:20400331',
        'SUMMARY:Passover\\, first',
        ' \u05e4\u05e1\u05d7 days',
      ],
      ['UID:2', 'DTSTART;VALUE=DATE:20400912', 'SUMMARY:Rosh Hashana'],
      ['UID:3', 'DTSTART;VALUE=DATE:20200912', 'SUMMARY:Gone'],
    );
    const first = await upload(text);
    expect(first).toMatchObject({ status: 201, trips: 1, body: { data: { imported: 2, unchanged: 1, errors: [] } } });
    expect(await closed()).toEqual([
      { date: '2040-03-29', start: null, reason: 'Passover, first\u05e4\u05e1\u05d7 days' },
      { date: '2040-03-30', start: null, reason: 'Passover, first\u05e4\u05e1\u05d7 days' },
      { date: '2040-09-12', start: null, reason: 'Rosh Hashana' },
    ]);
    const again = await upload(text);
    expect([again.status, again.body.data]).toEqual([200, { imported: 0, unchanged: 3, errors: [] }]);
    expect(await closed()).toHaveLength(3);
    const audit = await shop.sql(`select distinct action from audit_log where entity_type = 'slot_exception'`);
    expect(audit).toEqual([{ action: 'BULK_IMPORT' }]);
  });

  it.each([
    ['of an IANA zone', 'DTSTART;TZID=Asia/Jerusalem:20400330T162000', 'DTEND;TZID=Asia/Jerusalem:20400331T073000'],
    ['in UTC', 'DTSTART:20400330T132000Z', 'DTEND:20400331T043000Z'],
    ['of the shop', 'DTSTART:20400330T162000', 'DURATION:PT15H10M'],
    ['elsewhere', 'DTSTART;TZID=America/New_York:20400330T092000', 'DTEND;TZID=America/New_York:20400331T003000'],
  ])('closes the slots that a time %s covers', async (_, start, end) => {
    await upload(calendar([start, end, 'SUMMARY:Shabbat']));
    expect(await times()).toEqual([
      ...['16:00', '18:00', '20:00'].map((time) => `2040-03-30 ${time}`),
      '2040-03-31 06:00',
    ]);
  });

  it('knows the zones that it defines itself, with their clock changes', async () => {
    const rule = (from: string, to: string, start: string, month: number, day: string) => [
      ...[`DTSTART:${start}`, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`],
      `RRULE:FREQ=YEARLY;BYMONTH=${month};BYDAY=${day}`,
    ];
    const zone = [
      ...['BEGIN:VTIMEZONE', 'TZID:Israel Standard Time'],
      ...['BEGIN:STANDARD', ...rule('+0300', '+0200', '16010101T020000', 10, '-1SU'), 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', ...rule('+0200', '+0300', '16010101T020000', 3, '-1FR'), 'END:DAYLIGHT', 'END:VTIMEZONE'],
    ];
    const event = (date: string) => [
      `DTSTART;TZID=Israel Standard Time:${date}T100000`,
      `DTEND;TZID=Israel Standard Time:${date}T120000`,
    ];
    const text = calendar(event('20400115'), event('20400715')).replace(
      'VERSION:2.0',
      ['VERSION:2.0', ...zone].join('\r\n'),
    );
    expect((await upload(text)).body.data).toEqual({ imported: 2, unchanged: 0, errors: [] });
    expect(await times()).toEqual(['2040-01-15 10:00', '2040-07-15 10:00']);
  });

  it('follows weekly events for two years, without the dates left out, moved or canceled', async () => {
    const [friday, second, third] = await fridays(3);
    const at = (date: string) => date.replaceAll('-', '');
    const text = calendar(
      [
        'UID:s',
        `DTSTART;TZID=Asia/Jerusalem:${at(friday)}T200000`,
        'DURATION:PT1H',
        'RRULE:FREQ=WEEKLY;BYDAY=FR',
        `EXDATE;TZID=Asia/Jerusalem:${at(second)}T200000`,
      ],
      [
        'UID:s',
        `RECURRENCE-ID;TZID=Asia/Jerusalem:${at(third)}T200000`,
        `DTSTART;TZID=Asia/Jerusalem:${at(third)}T100000`,
        'DURATION:PT1H',
      ],
      ['UID:c', 'DTSTART;VALUE=DATE:20400101', 'STATUS:CANCELLED'],
      ['UID:candles', 'DTSTART:20400101T160000Z'],
    );
    expect((await upload(text)).body.data).toEqual({ imported: 2, unchanged: 2, errors: [] });
    const found = await times();
    expect(found.slice(0, 2)).toEqual([`${friday} 20:00`, `${third} 10:00`]);
    expect(found.length).toBeGreaterThan(100);
    expect(found.length).toBeLessThan(106);
  });

  it('ends a rule where its UNTIL, in UTC, says', async () => {
    const [friday, second] = await fridays(2);
    const at = (date: string) => date.replaceAll('-', '');
    const until = new Date(`${second}T18:00:00Z`).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    await upload(
      calendar([
        `DTSTART;TZID=Asia/Jerusalem:${at(friday)}T200000`,
        'DURATION:PT1H',
        `RRULE:FREQ=WEEKLY;UNTIL=${until}`,
      ]),
    );
    expect(await times()).toEqual([`${friday} 20:00`, `${second} 20:00`]);
  });

  it('leaves what was decided by hand', async () => {
    await shop.sql(
      `insert into slot_exceptions (branch_id, date, closed, capacity, reason) values ($1, '2040-05-05', false, 3, 'Eve')`,
      [branchId],
    );
    const { body } = await upload(calendar(['DTSTART;VALUE=DATE:20400505']));
    expect(body.data).toEqual({ imported: 0, unchanged: 1, errors: [] });
  });

  it('with booked orders closes nothing without force', async () => {
    const { id } = await makeUser(shop);
    await shop.sql(
      `insert into orders (order_number, user_id, status, fulfillment_type, branch_id, goods_total, total_amount, currency,
         delivery_slot_id, delivery_date, delivery_address, window_start, window_end, placed_at)
       select $3, $1, 'DELAYED', 'DELIVERY', $2, 0, 0, 'ILS', min(id), '2040-06-06', 'Somewhere 1', now(), now(), now()
       from delivery_slots where branch_id = $2`,
      [id, branchId, `MS-BOOKED-${branchId}`],
    );
    const text = calendar(['DTSTART;VALUE=DATE:20400605', 'DURATION:P3D']);
    const refused = await upload(text);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'ORDERS_BOOKED']);
    expect(refused.body.error.details.order_numbers).toEqual([`MS-BOOKED-${branchId}`]);
    expect(await closed()).toEqual([]);
    expect((await upload(text, { force: 'true' })).body.data.imported).toBe(1);
    expect(await closed()).toHaveLength(3);
  });

  it('takes a thousand events, not one more, within a moment', async () => {
    const event = (n: number) => {
      const date = new Date(Date.UTC(2040, 0, 1 + n)).toISOString().slice(0, 10).replaceAll('-', '');
      return [`UID:${n}`, `DTSTART;VALUE=DATE:${date}`, 'SUMMARY:Closed'];
    };
    const thousand = Array.from({ length: 1000 }, (_, n) => event(n));
    const many = await upload(calendar(...thousand, event(1000)));
    expect([many.status, many.body.error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect((await upload(calendar(...thousand))).body.data).toEqual({ imported: 1000, unchanged: 0, errors: [] });
  });
});

async function fridays(count: number): Promise<[string, string, string]> {
  const rows = await shop.sql<{ date: string }>(
    `select (d + 7 * n)::text as date from (select $1::date + (5 - extract(dow from $1::date)::int + 7) % 7 + 7 as d) f,
       generate_series(0, $2) n order by n`,
    [today, count],
  );
  return rows.map(({ date }) => date) as [string, string, string];
}

describe('a bad file', () => {
  it.each([
    ['DTSTART;VALUE=DATE:20400230', /not a date or time that exists/],
    ['DTSTART;VALUE=DATE:2040AB30', /cannot be read/],
    ['DTSTART;TZID=Mars/Olympus:20400101T100000', /time zone Mars\/Olympus/],
    ['no property at all', /no property/],
    ['DTEND;VALUE=DATE:20300101', /ends before/],
    ['DTEND:20400102T100000Z', /both be/],
    ['DURATION:PT', /cannot be read/],
    ['DURATION:P4000D', /at most 366 days/],
    ['RRULE:FREQ=SECONDLY', /DAILY, WEEKLY/],
    ['RRULE:FREQ=OFTEN', /cannot be read/],
    ['RRULE:', /recur/],
    ['RRULE:FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2', /narrowed by BYDAY alone/],
    ['RRULE:FREQ=DAILY;INTERVAL=99999999', /INTERVAL/],
    ['RRULE:FREQ=WEEKLY;INTERVAL=0', /INTERVAL/],
    ['RRULE:FREQ=YEARLY;BYWEEKNO=2', /not BYWEEKNO/],
    ['EXDATE:nonsense', /cannot be read/],
  ])('with the line %s names it and imports nothing', async (line, message) => {
    const good = ['DTSTART;VALUE=DATE:20400202', 'SUMMARY:Good'];
    const bad = line.startsWith('DTSTART') ? [' SUMMARY is', line] : ['DTSTART;VALUE=DATE:20400101', line];
    const text = calendar(
      good,
      bad.map((each) => each.replace(' SUMMARY is', 'SUMMARY:Bad')),
    );
    const { status, body } = await upload(text);
    expect(status).toBe(200);
    expect(body.data).toEqual({
      imported: 0,
      unchanged: 0,
      errors: [{ line: 10, message: expect.stringMatching(message) }],
    });
    expect(await closed()).toEqual([]);
  });

  it('counts the lines as they stand, folded ones too', async () => {
    const text = calendar(['SUMMARY:A', ' long', '\tone', 'DTSTART;VALUE=DATE:20401301'], ['UID:2']);
    expect(await errorsOf(text)).toEqual([
      { line: 8, message: expect.stringMatching(/exists|read/) },
      { line: 10, message: 'This event has no DTSTART.' },
    ]);
  });

  it.each([
    ['', /iCalendar/],
    ['product_id,branch_id\n1,2', /begins with BEGIN:VCALENDAR/],
    ['BEGIN:VCALENDAR\nBEGIN:VEVENT', /ends with END:VCALENDAR/],
    ['{"a": 1}', /iCalendar/],
  ])('%j is no iCalendar file', async (text, message) => {
    const { status, body } = await upload(text);
    expect([status, body.error.details.errors[0].path]).toEqual([400, 'file']);
    expect(body.error.message).toMatch(message);
  });

  it('is not UTF-8, too big, for no branch, or from nobody who may', async () => {
    expect((await upload(new Uint8Array([0xff, 0xfe, 0x00]))).status).toBe(400);
    expect((await upload('x'.repeat(5 * 1024 * 1024 + 1))).status).toBe(413);
    const text = calendar(['DTSTART;VALUE=DATE:20400101']);
    expect((await upload(text, { branch_id: '999999' })).status).toBe(404);
    const wrong = await upload(text, { branch_id: 'x', extra: '1' });
    expect([wrong.status, wrong.body.error.details.errors.length]).toEqual([400, 2]);
    const { token } = await signInAs(shop, 'EMPLOYEE');
    expect((await upload(text, {}, token)).status).toBe(403);
  });

  it('that recurs without end from long ago is followed as far as it goes', async () => {
    const { status, body } = await upload(calendar(['DTSTART;VALUE=DATE:19000101', 'RRULE:FREQ=DAILY']));
    expect([status, body.data.errors.length]).toEqual([201, 0]);
    const many = calendar(['DTSTART;VALUE=DATE:18500101', 'RRULE:FREQ=DAILY']);
    expect(await errorsOf(many)).toEqual([{ line: 6, message: expect.stringMatching(/at most 50000 times/) }]);
  });
});
