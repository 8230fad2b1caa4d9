import type { Client } from 'pg';

/**
 * The lines of goods sold by weight: what was picked weighs a little more than its nominal pieces, which the shop absorbs, so that no
 * sum changes.
 */
export async function weighLines(client: Client): Promise<void> {
  await client.query(`
    update order_items i set price_per_kg = round(i.unit_price * 1000 / p.nominal_grams, 2), nominal_grams = p.nominal_grams,
      weight_tolerance_percent = p.weight_tolerance_percent
    from products p where p.id = i.product_id and p.sold_by = 'WEIGHT'`);
  await client.query(`
    update order_items i set replacement_price_per_kg = p.price_per_kg, replacement_nominal_grams = p.nominal_grams,
      replacement_tolerance_percent = p.weight_tolerance_percent
    from products p where p.id = i.replacement_product_id and p.sold_by = 'WEIGHT'`);
  await client.query(`
    update order_items set picked_grams = quantity * coalesce(replacement_nominal_grams, nominal_grams) + id % 40
    where picked_status = 'REPLACED' and replacement_nominal_grams is not null
      or picked_status = 'PICKED' and nominal_grams is not null`);
}

/** Replacements that customers were asked about, and proposals that they declined or did not answer in time. */
export async function insertProposals(client: Client): Promise<void> {
  await client.query(`
    with asked as (
      update order_items set substitution_policy = 'ASK'
      where picked_status in ('REPLACED', 'MISSING') and picked_at is not null and id % 3 = 0 returning *
    )
    insert into substitution_proposals (order_id, order_item_id, product_id, quantity, unit_price, status, expires_at, answered_at,
        created_by, created_at)
      select i.order_id, i.id, other.id, i.quantity, least(i.unit_price, other.price),
        case when i.picked_status = 'REPLACED' then 'APPROVED' when i.id % 2 = 0 then 'REJECTED' else 'LAPSED' end,
        i.picked_at + case when i.picked_status = 'MISSING' and i.id % 2 = 1 then interval '0' else interval '2 minutes' end,
        i.picked_at, i.picked_by, i.picked_at - interval '3 minutes'
      from asked i
      join products original on original.id = i.product_id
      join lateral (
        select p.id, p.price from products p
        where p.id = i.replacement_product_id or i.replacement_product_id is null and p.category_id = original.category_id and p.id <> original.id
        order by p.id limit 1
      ) other on true
      order by i.picked_at, i.id`);
}
