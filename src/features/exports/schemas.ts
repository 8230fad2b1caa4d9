import { ProductFilters } from '../admin-catalog/schemas.ts';
import { AuditFilters } from '../audit/schemas.ts';
import { InventoryQuery } from '../inventory/schemas.ts';
import { FloorQuery } from '../ops/schemas.ts';

const ALL_PAGES = { limit: true, offset: true } as const;

export const ProductsExport = ProductFilters.omit({ ...ALL_PAGES, sort: true });
export const InventoryExport = InventoryQuery.omit(ALL_PAGES);
export const OrdersExport = FloorQuery.omit(ALL_PAGES);
export const AuditExport = AuditFilters.omit(ALL_PAGES);
