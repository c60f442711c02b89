-- Answers that name a creator's videos name their captions too: its revision rises with them. Captions that go with
-- their video need nothing here, for the video's own triggers raise it.
CREATE FUNCTION "raise_revision_of_captions"("media_ids" integer[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	model_ids integer[];
BEGIN
	IF cardinality(media_ids) = 0 THEN
		RETURN;
	END IF;
	model_ids := ARRAY(
		SELECT DISTINCT whitelabel_posts.whitelabel_model_id
		FROM whitelabel_media JOIN whitelabel_posts ON whitelabel_posts.id = whitelabel_media.whitelabel_post_id
		WHERE whitelabel_media.id = ANY (media_ids)
	);
	PERFORM FROM whitelabel_models WHERE id = ANY (model_ids) ORDER BY id FOR NO KEY UPDATE;
	UPDATE whitelabel_models SET revision = revision + 1 WHERE id = ANY (model_ids);
END $$;--> statement-breakpoint
CREATE FUNCTION "whitelabel_captions_raise_revision"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM raise_revision_of_captions(ARRAY(SELECT DISTINCT whitelabel_media_id FROM new_rows));
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM raise_revision_of_captions(ARRAY(SELECT DISTINCT whitelabel_media_id FROM old_rows));
	ELSIF TG_OP = 'UPDATE' THEN
		PERFORM raise_revision_of_captions(ARRAY(
			SELECT whitelabel_media_id FROM new_rows UNION SELECT whitelabel_media_id FROM old_rows
		));
	ELSE
		UPDATE whitelabel_models SET revision = revision + 1;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_captions_raise_revision_on_insert" AFTER INSERT ON "whitelabel_captions"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_captions_raise_revision"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_captions_raise_revision_on_update" AFTER UPDATE ON "whitelabel_captions"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_captions_raise_revision"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_captions_raise_revision_on_delete" AFTER DELETE ON "whitelabel_captions"
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_captions_raise_revision"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_captions_raise_revision_on_truncate" AFTER TRUNCATE ON "whitelabel_captions"
	FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_captions_raise_revision"();
