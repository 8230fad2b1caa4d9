-- A search reads the row of each match, so full pages save a fifth of its time. A fifth stays free: enough for products that run out or
-- come back here and there, whose new version changes `scopes` alone, which no index holds. Only when all neighbours do so at once, as at
-- a new branch, most need new entries in fifteen indexes.
alter table product_search set (fillfactor = 80);--> statement-breakpoint
-- Writes the table anew, with full pages; lists wait for it: 3 seconds for 100,000 products.
ALTER TABLE "product_search" ADD COLUMN "title_length" integer GENERATED ALWAYS AS (length(title)) STORED NOT NULL;
