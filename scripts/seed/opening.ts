import type { Client } from 'pg';
import { insertPeople } from './accounts.ts';
import { type LocalTime, timestampText, timeText } from './clock.ts';
import { insertDelivery } from './delivery.ts';
import { insertRows, type Row } from './insert.ts';
import { insertCatalogue } from './products.ts';
import type { Random } from './random.ts';
import { OPENING_HOURS, type Shop, type Slot, WAREHOUSE_ID } from './shop.ts';

const branches = [
  inHebrew(WAREHOUSE_ID, 'Mami Warehouse', 'HaLehi 12, Petah Tikva', ['מאמי מחסן', 'הלח"י 12, פתח תקווה']),
  inHebrew(2, 'Mami Dizengoff', 'Dizengoff 99, Tel Aviv', ['מאמי דיזנגוף', 'דיזנגוף 99, תל אביב']),
  inHebrew(3, 'Mami Carmel', 'Moriah 40, Haifa', ['מאמי כרמל', 'שדרות מוריה 40, חיפה']),
  inHebrew(4, 'Mami Emek Refaim', 'Emek Refaim 22, Jerusalem', ['מאמי עמק רפאים', 'עמק רפאים 22, ירושלים']),
];

function inHebrew(id: number, name: string, address: string, [hebrewName, hebrewAddress]: [string, string]) {
  return { id, name, address, translations: { he: { name: hebrewName, address: hebrewAddress } } };
}

/** Everything that exists before the first order: branches, slots, people and catalogue. */
export async function insertShop(client: Client, openedAt: LocalTime, random: Random): Promise<Shop> {
  const since = { created_at: timestampText(openedAt), updated_at: timestampText(openedAt) };
  await client.query('update settings set updated_at = $1', [since.created_at]);
  await insertRows(
    client,
    'branches',
    branches.map((branch) => ({ ...branch, is_active: true, ...since })),
  );
  const slots = await insertSlots(client, since);
  await insertDelivery(client, openedAt);
  const people = await insertPeople(client, openedAt, random);
  const products = await insertCatalogue(client, since, random);
  return { openedAt, branchIds: branches.map((branch) => branch.id), products, slots, ...people };
}

async function insertSlots(client: Client, since: Row): Promise<Slot[]> {
  const rows: Row[] = [];
  const own: Slot[] = [];
  for (const branch of branches) {
    for (let weekday = 0; weekday < 7; weekday++) {
      for (let startHour = OPENING_HOURS.from; startHour < OPENING_HOURS.to; startHour += 2) {
        const isWarehouse = branch.id === WAREHOUSE_ID;
        const capacity = isWarehouse ? (startHour >= 16 ? 60 : 40) : 12;
        const slot = { id: rows.length + 1, weekday, startHour, capacity };
        const hours = { start_time: timeText(startHour), end_time: timeText(startHour + 2) };
        const place = { id: slot.id, branch_id: branch.id, day_of_week: weekday };
        // The first van is loaded the evening before.
        const cutoff =
          startHour === OPENING_HOURS.from
            ? { cutoff_minutes: 0, cutoff_day_before: timeText(22) }
            : { cutoff_minutes: 60, cutoff_day_before: null };
        rows.push({ ...place, ...hours, capacity, ...cutoff, fee: null, is_active: true, ...since });
        if (isWarehouse) own.push(slot);
      }
    }
  }
  await insertRows(client, 'delivery_slots', rows);
  return own;
}
