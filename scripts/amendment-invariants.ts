/** What must always be true of amendments of orders; each query returns the rows that violate it. */
export const AMENDMENT_INVARIANTS: Readonly<Record<string, string>> = {
  'credit notes take no part of a receipt below zero, and leave the VAT of what is left': `
    select c.order_id, n.* from receipts c
    cross join lateral (
      select coalesce(sum(total), 0) as total, coalesce(sum(standard_total), 0) as standard,
        coalesce(sum(deposit_total), 0) as deposits, coalesce(sum(vat), 0) as vat
      from credit_notes where order_id = c.order_id
    ) n
    cross join lateral (
      select case when exists (select from credit_notes x where x.order_id = c.order_id and x.reason = 'AMENDMENT') then -1e9 else 0 end as least
    ) amended
    where n.total > c.total or n.standard not between amended.least and c.standard_total
      or n.deposits not between amended.least and c.deposit_total
      or n.total - n.standard - n.deposits not between amended.least and c.total - c.standard_total - c.deposit_total
      or c.vat - n.vat <> vat_in(c.standard_total - n.standard, c.vat_rate)`,
  'what amendments took away stays in the total and is not paid': `
    select o.id from orders o join payments p on p.order_id = o.id
    where o.removed_amount > p.refunded_amount + p.released_amount
      or o.removed_amount <> (select coalesce(sum(greatest(-a.difference, 0)), 0) from order_amendments a where a.order_id = o.id and a.status = 'CONFIRMED')`,
  'an amendment that is being paid has one attempt, and one that is not has none': `
    select a.id from order_amendments a
    where (a.status = 'PAYING') <> exists (
      select from payment_attempts t where t.amendment_id = a.id and t.status in ('PENDING', 'ACTION_REQUIRED'))`,
  'an open amendment is of an order that can still be changed': `
    select a.id from order_amendments a join orders o on o.id = a.order_id where a.status = 'OPEN' and o.status <> 'CREATED'`,
  'no charge is paid back beyond its amount': `
    select a.id from payment_attempts a where a.status = 'CAPTURED' and a.amount < (
      select coalesce(sum(s.amount), 0) from refunds r cross join lateral jsonb_to_recordset(r.shares) as s (attempt_id integer, amount numeric)
      where r.status <> 'FAILED' and s.attempt_id = a.id)`,
};
