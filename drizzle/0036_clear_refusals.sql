-- A lexeme of 2,047 bytes is refused by PostgreSQL, and a letter may unfold into six: words are cut where none is that long.
-- Folded before they are put in lower case, because folding brings capitals with it; a trade mark's sign is no part of a word.
create or replace function search_words(p_text text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct left(found[1], 255)), '{}')
  from regexp_matches(
    regexp_replace(lower(normalize(translate(p_text, '™℠', '  '), nfkd)), '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f]', '', 'g'),
    '[0-9]+(?:[.,][0-9]+)*%?(?![[:alnum:]])|[[:alnum:]]+', 'g') found
$$;
--> statement-breakpoint

-- The products whose words were others before.
select list_products(array(
  select id from products, lower(concat_ws(' ', name, sku, description)) as words
  where words ~ '[™℠]' or normalize(words, nfkd) <> lower(normalize(words, nfkd))), true);
--> statement-breakpoint

-- As before, but whether customers hold the units is asked first: a row that is refused for them does not keep the next one
-- for the same shelf from landing.
create or replace function judge_inventory_rows(p_rows jsonb)
  returns table (row_number integer, product_id integer, branch_id integer, inventory_id integer, difference integer,
                 reorder_point integer, held integer, first_row integer, refusal text) language sql stable as $$
  with named as (
    select r.row_number, r.quantity, r.reorder_point, b.id as branch_id,
        case when r.product_id is null then by_sku.id else by_id.id end as product_id,
        r.product_id is not null and r.sku is not null and by_id.id is distinct from by_sku.id as is_contradiction
      from jsonb_to_recordset(p_rows) as r (
        row_number integer, product_id integer, sku text, branch_id integer, quantity integer, reorder_point integer)
      left join products by_id on by_id.id = r.product_id
      left join products by_sku on upper(by_sku.sku) = upper(r.sku)
      left join branches b on b.id = r.branch_id
  ), judged as (
    select n.*, i.id as inventory_id, i.on_hand, held.quantity as held, case
        when n.product_id is null then 'PRODUCT_NOT_FOUND'
        when n.is_contradiction then 'PRODUCT_CONTRADICTION'
        when n.branch_id is null then 'BRANCH_NOT_FOUND'
        when n.quantity < i.on_hand and n.quantity < held.quantity then 'STOCK_HELD'
      end as refusal
    from named n
    left join inventory i on i.product_id = n.product_id and i.branch_id = n.branch_id
    cross join lateral (
      select coalesce(sum(h.quantity), 0)::integer as quantity
        from hold_lines h where h.inventory_id = i.id and h.expires_at > now()
    ) held
  ), ranked as (
    select j.*, min(j.row_number) over (partition by j.product_id, j.branch_id, j.refusal is null) as first_row
      from judged j
  )
  select r.row_number, r.product_id, r.branch_id, r.inventory_id, r.quantity - coalesce(r.on_hand, 0), r.reorder_point,
      r.held, r.first_row, case when r.refusal is null and r.first_row < r.row_number then 'DUPLICATE_ROW' else r.refusal end
    from ranked r
$$;
