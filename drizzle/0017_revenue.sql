CREATE TABLE "revenue_quarters" (
	"starts_at" timestamp with time zone PRIMARY KEY NOT NULL,
	"orders" integer NOT NULL,
	"amount" numeric(12, 2) NOT NULL
);
