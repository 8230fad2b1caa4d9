-- What becomes of each row of a file, [{row_number, fields}]: the product it names by SKU as it would be, or why it is refused, with the
-- number that explains it. Of several rows for one product, or with one bar code, the first that is good otherwise lands.
create or replace function judge_products(p_rows jsonb)
  returns table (row_number integer, before products, product products, refusal text, number integer)
  language sql stable as $$
  with given as materialized (
    select (r.value ->> 'row_number')::integer as row_number, r.value -> 'fields' as fields, upper(r.value -> 'fields' ->> 'sku') as sku
    from jsonb_array_elements(p_rows) r
  ), wanted as materialized (
    select g.row_number, g.sku, g.fields, p as before, product_fields(p, g.fields) as product
    from given g left join products p on upper(p.sku) = g.sku
  ), checked as materialized (
    select w.row_number, w.sku, w.before, w.product, lpad((w.product).barcode, 14, '0') as barcode, taken.id as taken_by,
      case
        when not exists (select from categories c where c.id = (w.product).category_id) then 'CATEGORY_NOT_FOUND'
        when not coalesce(case (w.product).sold_by when 'EACH' then true else (w.product).price_per_kg > 0
            and (w.product).nominal_grams between 1 and 100000
            and abs((w.product).price - (w.product).price_per_kg * (w.product).nominal_grams / 1000)
              <= 0.005 + 0.005 * (w.product).nominal_grams / 1000 end, false) then 'INVALID_WEIGHT'
        -- `weighed` has changed one of the prices that the file gives: the next import of the file would change the other.
        when (w.product).price <> (w.fields ->> 'price')::numeric
            or (w.product).price_per_kg <> (w.fields ->> 'price_per_kg')::numeric then 'PRICES_DISAGREE'
        when taken.id is not null then 'BARCODE_TAKEN'
      end as refusal
    from wanted w
    left join products taken on (w.product).barcode is not null and lpad(taken.barcode, 14, '0') = lpad((w.product).barcode, 14, '0')
      and taken.id is distinct from (w.before).id
  ), first_rows as materialized (
    select c.*, case when c.refusal is null then
        first_value(c.row_number) over (partition by c.sku, c.refusal is null order by c.row_number) end as first_row
    from checked c
  ), barcodes as materialized (
    select f.*, case when f.barcode is not null and f.row_number = f.first_row then
        first_value(f.row_number) over (partition by f.barcode, f.row_number = f.first_row order by f.row_number) end as first_barcode
    from first_rows f
  )
  select b.row_number, b.before, b.product,
    case
      when b.refusal is not null then b.refusal
      when b.row_number <> b.first_row then 'DUPLICATE_ROW'
      when b.row_number <> b.first_barcode then 'DUPLICATE_BARCODE'
    end,
    case
      when b.refusal is not null then b.taken_by
      when b.row_number <> b.first_row then b.first_row
      when b.row_number <> b.first_barcode then b.first_barcode
    end
  from barcodes b
$$;
