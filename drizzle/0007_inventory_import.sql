-- Half of each page stays free: a product that runs out or comes back changes `scopes` alone, which no index holds, and finds room for
-- its new version on the same page. Elsewhere it would need a new entry in each of fifteen indexes.
alter table product_search set (fillfactor = 50);--> statement-breakpoint
-- Created again from its file, with one more column.
drop function if exists audited_tables();
