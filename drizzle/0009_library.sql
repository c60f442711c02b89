-- Search compares words without accents, case and the separators of folder names.
CREATE EXTENSION IF NOT EXISTS "pg_trgm" SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS "unaccent" SCHEMA public;--> statement-breakpoint
CREATE FUNCTION "search_text"("input" text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = public, pg_temp AS $$
BEGIN
	-- The dictionary is named, so that no search_path can change what this returns: that makes it immutable in fact.
	RETURN lower(public.unaccent('public.unaccent'::regdictionary, translate(input, '_-', '  ')));
END $$;--> statement-breakpoint
CREATE TABLE "sync_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"phase" text,
	"started_by" text NOT NULL,
	"source" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"listed" bigint DEFAULT 0 NOT NULL,
	"added" jsonb,
	"changed" jsonb,
	"removed" jsonb,
	"held" jsonb,
	"ignored" bigint DEFAULT 0 NOT NULL,
	"ignored_by" jsonb,
	"quarantined" jsonb,
	"reason" text,
	"removal_digest" text,
	"approved_run_id" uuid,
	CONSTRAINT "sync_runs_status_known" CHECK ("sync_runs"."status" in ('running', 'applied', 'unchanged', 'held', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "takedowns" (
	"kind" text NOT NULL,
	"path" text NOT NULL,
	"hidden_at" timestamp with time zone NOT NULL,
	CONSTRAINT "takedowns_pkey" PRIMARY KEY("kind","path"),
	CONSTRAINT "takedowns_kind_known" CHECK ("takedowns"."kind" in ('model', 'post', 'media'))
);
--> statement-breakpoint
CREATE TABLE "whitelabel_model_totals" (
	"status" text PRIMARY KEY NOT NULL,
	"models" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_approved_run_id_sync_runs_id_fk" FOREIGN KEY ("approved_run_id") REFERENCES "public"."sync_runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sync_runs_newest" ON "sync_runs" USING btree ("started_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "sync_runs_by_approved_run" ON "sync_runs" USING btree ("approved_run_id");--> statement-breakpoint
CREATE INDEX "whitelabel_models_search" ON "whitelabel_models" USING gin (search_text("folder_name") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "whitelabel_posts_search" ON "whitelabel_posts" USING gin (search_text("title") gin_trgm_ops);--> statement-breakpoint

-- whitelabel_model_totals ---------------------------------------------------------------------------------------------
INSERT INTO "whitelabel_model_totals" ("status", "models")
	SELECT known.status, (SELECT count(*) FROM "whitelabel_models" WHERE "whitelabel_models"."status" = known.status)
	FROM (VALUES ('new'), ('active'), ('hidden')) AS known (status);--> statement-breakpoint
CREATE FUNCTION "whitelabel_models_keep_totals"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		UPDATE whitelabel_model_totals AS total SET models = total.models + step.models
		FROM (SELECT status, count(*) AS models FROM new_rows GROUP BY status) AS step
		WHERE total.status = step.status;
	ELSIF TG_OP = 'DELETE' THEN
		UPDATE whitelabel_model_totals AS total SET models = total.models - step.models
		FROM (SELECT status, count(*) AS models FROM old_rows GROUP BY status) AS step
		WHERE total.status = step.status;
	ELSIF TG_OP = 'UPDATE' THEN
		UPDATE whitelabel_model_totals AS total SET models = total.models + step.models
		FROM (
			SELECT status, sum(step) AS models FROM (
				SELECT status, 1 AS step FROM new_rows UNION ALL SELECT status, -1 FROM old_rows
			) AS steps GROUP BY status
		) AS step
		WHERE total.status = step.status AND step.models <> 0;
	ELSE
		UPDATE whitelabel_model_totals SET models = 0;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_keep_totals_on_insert" AFTER INSERT ON "whitelabel_models"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_models_keep_totals"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_keep_totals_on_update" AFTER UPDATE ON "whitelabel_models"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_models_keep_totals"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_keep_totals_on_delete" AFTER DELETE ON "whitelabel_models"
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_models_keep_totals"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_keep_totals_on_truncate" AFTER TRUNCATE ON "whitelabel_models"
	FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_models_keep_totals"();--> statement-breakpoint
CREATE FUNCTION "whitelabel_model_totals_refuse_writes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'whitelabel_model_totals is counted by the database and cannot be written'
		USING ERRCODE = 'restrict_violation', HINT = 'Change whitelabel_models instead.';
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_model_totals_refuse_writes" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "whitelabel_model_totals"
	FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "whitelabel_model_totals_refuse_writes"();
