CREATE TABLE "search_lexemes" (
	"word" text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "search_lexemes_word" ON "search_lexemes" USING btree ("word" collate "C");--> statement-breakpoint
-- Nobody may be inside the former learn_words, which would not add here.
LOCK TABLE "products" IN SHARE MODE;--> statement-breakpoint
INSERT INTO "search_lexemes" ("word")
  SELECT DISTINCT word FROM "product_search", unnest(tsvector_to_array(document)) word WHERE word !~ '^[0-9]' AND length(word) >= 3 ORDER BY word;
