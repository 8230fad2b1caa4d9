import type { Client } from 'pg';

/**
 * The receipts and credit notes of all orders in the order of time, and so of their numbers. The triggers, which would issue them at
 * the commit, then find nothing left to do.
 */
export async function issueReceipts(client: Client): Promise<void> {
  await client.query(`
    update settings set seller_address = '3 HaTaasiya Street, Haifa', seller_tax_id = '515151515';
    do $$
    declare
      due record;
    begin
      for due in select order_id from payments where status = 'CAPTURED' order by captured_at, id loop
        perform issue_receipt(due.order_id);
      end loop;
      for due in select id from refunds order by created_at, id loop
        perform issue_credit_note(due.id);
      end loop;
    end $$;
    set constraints all immediate`);
}
