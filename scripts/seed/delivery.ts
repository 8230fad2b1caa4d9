import type { Client } from 'pg';
import { DAY, dateText, dayOf, HOUR, type LocalTime, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import { WAREHOUSE_ID } from './shop.ts';

/** All are delivered to from the warehouse. */
const zones = [
  { name: 'Petah Tikva', postal_codes: ['49*'], fee: '15.00', minimum: null },
  { name: 'Tel Aviv', postal_codes: ['6*'], fee: null, minimum: null },
  { name: 'Haifa', postal_codes: ['3*'], fee: '45.00', minimum: '150.00' },
  { name: 'Jerusalem', postal_codes: ['9*'], fee: '40.00', minimum: '120.00' },
];

/** Days of rest by the month and day of the Hebrew calendar. */
const HOLIDAYS: Record<string, string> = {
  '1 Tishri': 'Rosh Hashana',
  '2 Tishri': 'Rosh Hashana',
  '10 Tishri': 'Yom Kippur',
  '15 Tishri': 'Sukkot',
  '22 Tishri': 'Simchat Torah',
  '15 Nisan': 'Passover',
  '21 Nisan': 'Seventh day of Passover',
  '6 Sivan': 'Shavuot',
};

/** Delivery zones of four cities, and the holidays of the coming year closed at the branch that delivers. */
export async function insertDelivery(client: Client, openedAt: LocalTime): Promise<void> {
  const at = timestampText(openedAt + HOUR);
  for (const { name, postal_codes, fee, minimum } of zones) {
    await client.query(
      `insert into delivery_zones (name, postal_codes, codes, fee, minimum, created_at, updated_at)
       values ($1, $2, postal_reach($2), $3, $4, $5, $5)`,
      [name, postal_codes, fee, minimum, at],
    );
  }
  const { rows } = await client.query<{ now: number }>(
    'select floor(extract(epoch from localtimestamp))::float8 as now',
  );
  const today = dayOf(rows[0]?.now ?? 0);
  await insertRows(
    client,
    'slot_exceptions',
    holidays(today).map((row, index) => ({ id: index + 1, ...row, created_at: at })),
  );
}

/** Not of the next days, for which the shop has orders. */
function holidays(today: number): Row[] {
  const hebrew = new Intl.DateTimeFormat('en-u-ca-hebrew', { day: 'numeric', month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 362 }, (_, n) => today + 4 + n).flatMap((day) => {
    const reason = HOLIDAYS[hebrew.format(day * DAY * 1000)];
    return reason
      ? [{ branch_id: WAREHOUSE_ID, date: dateText(day), slot_id: null, closed: true, capacity: null, reason }]
      : [];
  });
}
