import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { csvDownload, EXPORT_PAGE } from '../../csv-download.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type ProductFile, WRITTEN_COLUMNS } from '../admin-catalog/product-columns.ts';
import { matchingProducts } from '../admin-catalog/queries.ts';
import { checkPrices } from '../prices/due.ts';
import type { ProductsExport } from './schemas.ts';

type Row = ProductFile & { id: number };

/** All products as the import takes them, with the prices in effect. */
export const exportProducts = (call: SignedInCall, filters: z.output<typeof ProductsExport>) =>
  csvDownload<Row>({
    name: 'products',
    columns: WRITTEN_COLUMNS,
    rowsAfter: async (last) => {
      const [, rows] = await call.batch([
        checkPrices,
        statement<Row>(sql`
          select p.id, p.sku, p.name, p.price, p.category_id, p.old_price, p.unit, p.description, p.is_active, p.is_organic, p.brand,
            p.barcode, p.image_url, p.bin_location, p.tax_class, p.deposit, p.sold_by, p.price_per_kg, p.nominal_grams,
            p.weight_tolerance_percent, p.net_content_amount::float8 as net_content_amount, p.net_content_unit, p.allergens, p.may_contain,
            p.dietary, p.age_restricted, p.nutritional_info,
            p.translations #>> '{he,name}' as name_he, p.translations #>> '{he,description}' as description_he,
            p.translations #>> '{en,name}' as name_en, p.translations #>> '{en,description}' as description_en,
            p.translations #>> '{ar,name}' as name_ar, p.translations #>> '{ar,description}' as description_ar,
            p.translations #>> '{ru,name}' as name_ru, p.translations #>> '{ru,description}' as description_ru
          from products p where ${matchingProducts(filters)} and p.id > ${last?.id ?? 0}
          order by p.id limit ${EXPORT_PAGE}`),
      ]);
      return rows;
    },
  });
