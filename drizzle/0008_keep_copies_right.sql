-- Copies of other rows (users.subscription_status, whitelabel_models.post_count, whitelabel_posts.media_cdns with its
-- counters) are kept here and nowhere else, so that they are right after any write, whoever makes it.
-- The order is always the same: lock the row that holds the copy, then recompute the copy in a new statement. Under
-- READ COMMITTED that statement sees what the previous holder of the lock committed; under REPEATABLE READ the lock
-- fails with 40001. Rows are locked in the order of their id, so that two statements cannot wait for each other.

-- "2.jpg" comes before "10.jpg".
CREATE COLLATION "natural_order" (provider = icu, locale = 'en@colNumeric=yes');--> statement-breakpoint

CREATE FUNCTION "touch_updated_at"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	NEW.updated_at := clock_timestamp();
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "checkouts_touch_updated_at" BEFORE UPDATE ON "checkouts"
	FOR EACH ROW EXECUTE FUNCTION "touch_updated_at"();--> statement-breakpoint
CREATE TRIGGER "support_contacts_touch_updated_at" BEFORE UPDATE ON "support_contacts"
	FOR EACH ROW EXECUTE FUNCTION "touch_updated_at"();--> statement-breakpoint

-- users.subscription_status -------------------------------------------------------------------------------------------
CREATE FUNCTION "refresh_subscription_status"("user_ids" integer[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM FROM users WHERE id = ANY (user_ids) ORDER BY id FOR NO KEY UPDATE;
	UPDATE users SET subscription_status = active.flag
	FROM (
		SELECT wanted.id, EXISTS (
			SELECT FROM subscriptions WHERE user_id = wanted.id AND status = 'active'
		)::integer AS flag
		FROM unnest(user_ids) AS wanted (id)
	) AS active
	WHERE users.id = active.id AND users.subscription_status <> active.flag;
END $$;--> statement-breakpoint
CREATE FUNCTION "subscriptions_keep_status"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM refresh_subscription_status(ARRAY(SELECT DISTINCT user_id FROM new_rows));
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM refresh_subscription_status(ARRAY(SELECT DISTINCT user_id FROM old_rows));
	ELSIF TG_OP = 'UPDATE' THEN
		PERFORM refresh_subscription_status(ARRAY(SELECT user_id FROM new_rows UNION SELECT user_id FROM old_rows));
	ELSE
		UPDATE users SET subscription_status = 0 WHERE subscription_status <> 0;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "subscriptions_keep_status_on_insert" AFTER INSERT ON "subscriptions"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "subscriptions_keep_status"();--> statement-breakpoint
CREATE TRIGGER "subscriptions_keep_status_on_update" AFTER UPDATE ON "subscriptions"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "subscriptions_keep_status"();--> statement-breakpoint
CREATE TRIGGER "subscriptions_keep_status_on_delete" AFTER DELETE ON "subscriptions"
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "subscriptions_keep_status"();--> statement-breakpoint
CREATE TRIGGER "subscriptions_keep_status_on_truncate" AFTER TRUNCATE ON "subscriptions"
	FOR EACH STATEMENT EXECUTE FUNCTION "subscriptions_keep_status"();--> statement-breakpoint

-- A write of the copy itself (trigger depth 0: not one of ours) gets the right value instead.
CREATE FUNCTION "users_guard_copies"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	NEW.subscription_status := EXISTS (
		SELECT FROM subscriptions WHERE user_id = NEW.id AND status = 'active'
	)::integer;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "users_guard_copies_on_insert" BEFORE INSERT ON "users"
	FOR EACH ROW WHEN (NEW.subscription_status <> 0) EXECUTE FUNCTION "users_guard_copies"();--> statement-breakpoint
CREATE TRIGGER "users_guard_copies_on_update" BEFORE UPDATE ON "users"
	FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.subscription_status IS DISTINCT FROM OLD.subscription_status)
	EXECUTE FUNCTION "users_guard_copies"();--> statement-breakpoint

-- whitelabel_models.post_count and revision ----------------------------------------------------------------------------
CREATE FUNCTION "refresh_post_count"("model_ids" integer[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM FROM whitelabel_models WHERE id = ANY (model_ids) ORDER BY id FOR NO KEY UPDATE;
	UPDATE whitelabel_models SET
		revision = revision + 1,
		post_count = (
			SELECT count(*) FROM whitelabel_posts
			WHERE whitelabel_model_id = whitelabel_models.id AND hidden_at IS NULL
		)
	WHERE id = ANY (model_ids);
END $$;--> statement-breakpoint
CREATE FUNCTION "whitelabel_posts_keep_count"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM refresh_post_count(ARRAY(SELECT DISTINCT whitelabel_model_id FROM new_rows));
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM refresh_post_count(ARRAY(SELECT DISTINCT whitelabel_model_id FROM old_rows));
	ELSIF TG_OP = 'UPDATE' THEN
		PERFORM refresh_post_count(ARRAY(
			SELECT whitelabel_model_id FROM new_rows UNION SELECT whitelabel_model_id FROM old_rows
		));
	ELSE
		UPDATE whitelabel_models SET post_count = 0, revision = revision + 1 WHERE post_count <> 0;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_keep_count_on_insert" AFTER INSERT ON "whitelabel_posts"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_posts_keep_count"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_keep_count_on_update" AFTER UPDATE ON "whitelabel_posts"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_posts_keep_count"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_keep_count_on_delete" AFTER DELETE ON "whitelabel_posts"
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_posts_keep_count"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_keep_count_on_truncate" AFTER TRUNCATE ON "whitelabel_posts"
	FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_posts_keep_count"();--> statement-breakpoint

CREATE FUNCTION "whitelabel_models_guard_copies"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	NEW.post_count := (
		SELECT count(*) FROM whitelabel_posts WHERE whitelabel_model_id = NEW.id AND hidden_at IS NULL
	);
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_guard_copies_on_insert" BEFORE INSERT ON "whitelabel_models"
	FOR EACH ROW WHEN (NEW.post_count <> 0) EXECUTE FUNCTION "whitelabel_models_guard_copies"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_guard_copies_on_update" BEFORE UPDATE ON "whitelabel_models"
	FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.post_count IS DISTINCT FROM OLD.post_count)
	EXECUTE FUNCTION "whitelabel_models_guard_copies"();--> statement-breakpoint

-- What a visitor sees of the creator's own row changes its revision too; that it was synced again does not. (Conditions
-- are spelled out column by column: PostgreSQL writes rows compared as a whole differently after a dump and restore.)
CREATE FUNCTION "whitelabel_models_raise_revision"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	NEW.revision := OLD.revision + 1;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_raise_revision" BEFORE UPDATE ON "whitelabel_models"
	FOR EACH ROW WHEN (
		NEW.folder_name IS DISTINCT FROM OLD.folder_name
		OR NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url
		OR NEW.icon_url IS DISTINCT FROM OLD.icon_url
		OR NEW.banner_url IS DISTINCT FROM OLD.banner_url
		OR NEW.status IS DISTINCT FROM OLD.status
		OR NEW.created_at IS DISTINCT FROM OLD.created_at
		OR NEW.revision < OLD.revision
	) EXECUTE FUNCTION "whitelabel_models_raise_revision"();--> statement-breakpoint

-- whitelabel_posts.media_cdns, image_count, video_count ------------------------------------------------------------------
CREATE FUNCTION "refresh_media_cdns"("post_ids" integer[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM FROM whitelabel_posts WHERE id = ANY (post_ids) ORDER BY id FOR NO KEY UPDATE;
	UPDATE whitelabel_posts SET
		media_cdns = json_build_object('images', coalesce(media.images, '[]'), 'videos', coalesce(media.videos, '[]')),
		image_count = coalesce(media.image_count, 0),
		video_count = coalesce(media.video_count, 0)
	-- Post by post through the index, whatever the planner knows of tables that were just filled.
	FROM unnest(post_ids) AS wanted (id) LEFT JOIN LATERAL (
		SELECT
			json_agg(coalesce(url, s3_key) ORDER BY s3_key COLLATE natural_order, s3_key COLLATE "C") FILTER (WHERE type = 'image') AS images,
			json_agg(coalesce(url, s3_key) ORDER BY s3_key COLLATE natural_order, s3_key COLLATE "C") FILTER (WHERE type = 'video') AS videos,
			count(*) FILTER (WHERE type = 'image') AS image_count,
			count(*) FILTER (WHERE type = 'video') AS video_count
		FROM whitelabel_media
		WHERE whitelabel_post_id = wanted.id AND hidden_at IS NULL
	) AS media ON true
	WHERE whitelabel_posts.id = wanted.id;
END $$;--> statement-breakpoint
CREATE FUNCTION "whitelabel_media_keep_cdns"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM refresh_media_cdns(ARRAY(SELECT DISTINCT whitelabel_post_id FROM new_rows));
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM refresh_media_cdns(ARRAY(SELECT DISTINCT whitelabel_post_id FROM old_rows));
	ELSIF TG_OP = 'UPDATE' THEN
		-- A file replaced under its key (size, etag) changes the bytes behind the link, not the copy.
		PERFORM refresh_media_cdns(ARRAY(
			SELECT whitelabel_post_id FROM (
				(SELECT id, whitelabel_post_id, s3_key, url, type, hidden_at FROM new_rows
				EXCEPT SELECT id, whitelabel_post_id, s3_key, url, type, hidden_at FROM old_rows)
				UNION
				(SELECT id, whitelabel_post_id, s3_key, url, type, hidden_at FROM old_rows
				EXCEPT SELECT id, whitelabel_post_id, s3_key, url, type, hidden_at FROM new_rows)
			) AS changed GROUP BY whitelabel_post_id
		));
	ELSE
		UPDATE whitelabel_posts SET media_cdns = '{"images" : [], "videos" : []}', image_count = 0, video_count = 0;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_media_keep_cdns_on_insert" AFTER INSERT ON "whitelabel_media"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_media_keep_cdns"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_media_keep_cdns_on_update" AFTER UPDATE ON "whitelabel_media"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_media_keep_cdns"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_media_keep_cdns_on_delete" AFTER DELETE ON "whitelabel_media"
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_media_keep_cdns"();--> statement-breakpoint
CREATE TRIGGER "whitelabel_media_keep_cdns_on_truncate" AFTER TRUNCATE ON "whitelabel_media"
	FOR EACH STATEMENT EXECUTE FUNCTION "whitelabel_media_keep_cdns"();--> statement-breakpoint

-- A new post has no media yet; a write of the copy itself gets the right value instead.
CREATE FUNCTION "whitelabel_posts_start_empty"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	NEW.media_cdns := '{"images" : [], "videos" : []}';
	NEW.image_count := 0;
	NEW.video_count := 0;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_start_empty" BEFORE INSERT ON "whitelabel_posts"
	FOR EACH ROW EXECUTE FUNCTION "whitelabel_posts_start_empty"();--> statement-breakpoint
CREATE FUNCTION "whitelabel_posts_guard_copies"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	SELECT
		json_build_object(
			'images', coalesce(json_agg(coalesce(url, s3_key) ORDER BY s3_key COLLATE natural_order, s3_key COLLATE "C") FILTER (WHERE type = 'image'), '[]'),
			'videos', coalesce(json_agg(coalesce(url, s3_key) ORDER BY s3_key COLLATE natural_order, s3_key COLLATE "C") FILTER (WHERE type = 'video'), '[]')
		),
		count(*) FILTER (WHERE type = 'image'),
		count(*) FILTER (WHERE type = 'video')
	INTO NEW.media_cdns, NEW.image_count, NEW.video_count
	FROM whitelabel_media WHERE whitelabel_post_id = NEW.id AND hidden_at IS NULL;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_guard_copies" BEFORE UPDATE ON "whitelabel_posts"
	FOR EACH ROW WHEN (
		pg_trigger_depth() = 0
		AND (
			NEW.media_cdns::text IS DISTINCT FROM OLD.media_cdns::text
			OR NEW.image_count IS DISTINCT FROM OLD.image_count
			OR NEW.video_count IS DISTINCT FROM OLD.video_count
		)
	) EXECUTE FUNCTION "whitelabel_posts_guard_copies"();--> statement-breakpoint

-- Rows that were there before the triggers.
SELECT refresh_subscription_status(ARRAY(SELECT id FROM users));--> statement-breakpoint
SELECT refresh_media_cdns(ARRAY(SELECT id FROM whitelabel_posts));--> statement-breakpoint
SELECT refresh_post_count(ARRAY(SELECT id FROM whitelabel_models));
