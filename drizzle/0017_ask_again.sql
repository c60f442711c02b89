ALTER TABLE "checkouts" ADD COLUMN "language" text;--> statement-breakpoint
CREATE INDEX "payments_to_check_again" ON "payments" USING btree ("checked_at" NULLS FIRST) WHERE "payments"."status" not in ('created', 'unknown', 'pending', 'charged_back');--> statement-breakpoint
ALTER TABLE "terms" ADD COLUMN "changes_plan" boolean DEFAULT false NOT NULL;
