-- Search reads words without accents, case and signs. A title is found by all the words asked for, the last of them
-- maybe still being typed; a mistyped word is corrected to a known one before (docs/decisions/0008).
CREATE FUNCTION "search_words"("input" text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = public, pg_temp AS $$
DECLARE
	-- Letters with their accents apart, as some systems write file names, become one first. Which letters there are is
	-- told by ICU, so that the words do not depend on the locale of the database.
	folded text := lower(search_text(normalize(left(input, 1000), NFKC)) COLLATE natural_order);
	words text[] := array_remove(regexp_split_to_array(folded, '[^[:alnum:]]+'), '');
BEGIN
	-- A lexeme of a tsvector has at most 2,046 bytes.
	IF length(folded) <= 64 THEN RETURN words; END IF;
	RETURN ARRAY(SELECT left(word, 64) FROM unnest(words) WITH ORDINALITY AS cut (word, place) ORDER BY place);
END $$;--> statement-breakpoint

-- The words of a title and the periods that it lies in: of 1, 2, 4 … 1,024 days. Thus the newest of the posts with a
-- word are found without reading the others. The cost keeps the planner from computing this row by row.
CREATE FUNCTION "search_terms"("title" text, "created_at" timestamp with time zone) RETURNS tsvector
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = public, pg_temp AS $$
DECLARE
	day bigint := CASE WHEN isfinite(created_at) THEN floor(extract(epoch FROM created_at) / 86400) ELSE 0 END;
BEGIN
	IF title IS NULL THEN RETURN NULL; END IF;
	RETURN array_to_tsvector(search_words(title) || ARRAY[
		'@0:' || day, '@1:' || (day >> 1), '@2:' || (day >> 2), '@3:' || (day >> 3), '@4:' || (day >> 4),
		'@5:' || (day >> 5), '@6:' || (day >> 6), '@7:' || (day >> 7), '@8:' || (day >> 8), '@9:' || (day >> 9),
		'@10:' || (day >> 10)
	]);
END $$;--> statement-breakpoint

-- All the words, the last one as the beginning of a word when it is still being typed. Null where there is no word.
CREATE FUNCTION "search_query"("input" text, "is_typing" boolean) RETURNS tsquery
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
DECLARE
	words text[] := (search_words(input))[1:8];
BEGIN
	RETURN (
		SELECT string_agg(
			quote_literal(word) || CASE WHEN is_typing AND place = cardinality(words) THEN ':*' ELSE '' END, ' & '
		)::tsquery
		FROM unnest(words) WITH ORDINALITY AS given (word, place)
	);
END $$;--> statement-breakpoint

-- Ids of public posts, at most so many, those that the index gives first.
CREATE FUNCTION "matching_posts"("wanted" tsquery, "most" integer) RETURNS integer[]
	LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
	RETURN ARRAY(
		SELECT id FROM whitelabel_posts
		WHERE search_terms(title, created_at) @@ wanted
			AND hidden_at IS NULL
			AND (SELECT status FROM whitelabel_models WHERE whitelabel_models.id = whitelabel_model_id) = 'active'
		LIMIT most
	);
END $$;--> statement-breakpoint

-- The last 2^level to 2 * 2^level days up to that one.
CREATE FUNCTION "search_period"("last_day" bigint, "level" integer) RETURNS tsquery
	LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
	RETURN format('''@%1$s:%2$s'' | ''@%1$s:%3$s''', level, last_day >> level, (last_day >> level) - 1)::tsquery;
END $$;--> statement-breakpoint

-- Ids of the newest matches, not many more than asked for. Of a word that a thousand posts have all are read; of a more
-- frequent one, period after period into the past, no more than are needed: in the last period of these, where there
-- are too many, those that the index gives first.
CREATE FUNCTION "newest_matching_posts"("wanted" tsquery, "most" integer) RETURNS integer[]
	LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
	last_day bigint;
	matches integer[];
	all_matches integer[];
	levels integer[] := ARRAY[4, 5, 6, 7, 8, 9, 10];
	read_before tsquery;
BEGIN
	-- What is dated in the future does not count as newest.
	SELECT floor(extract(epoch FROM latest_post_at) / 86400) INTO last_day FROM whitelabel_models
	WHERE status = 'active' AND latest_post_at <= now() AND isfinite(latest_post_at)
	ORDER BY latest_post_at DESC NULLS LAST LIMIT 1;
	IF last_day IS NULL THEN RETURN matching_posts(wanted, most); END IF;

	read_before := search_period(last_day, 3);
	matches := matching_posts(wanted && read_before, most);
	IF cardinality(matches) < 20 THEN
		all_matches := matching_posts(wanted, 1000);
		IF cardinality(all_matches) < 1000 THEN RETURN all_matches; END IF;
	ELSIF cardinality(matches) = most THEN
		levels := ARRAY[1, 2, 3];
		read_before := search_period(last_day, 0);
		matches := matching_posts(wanted && read_before, most);
	END IF;
	FOR step IN 1 .. cardinality(levels) LOOP
		EXIT WHEN cardinality(matches) >= most;
		matches := matches || matching_posts(
			wanted && search_period(last_day, levels[step]) && !!read_before, most - cardinality(matches)
		);
		read_before := search_period(last_day, levels[step]);
	END LOOP;
	RETURN matches || matching_posts(wanted && !!read_before, most - cardinality(matches));
END $$;--> statement-breakpoint

-- Public posts with all the words, at most so many: first those that have the last word whole, and of each kind the
-- newest first.
CREATE FUNCTION "search_posts"("input" text, "is_typing" boolean, "most" integer)
	RETURNS TABLE ("post_id" integer, "model_id" integer, "is_whole" boolean, "made_at" timestamp with time zone)
	LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
	whole tsquery := search_query(input, false);
	found_rows integer;
BEGIN
	IF whole IS NULL THEN RETURN; END IF;
	RETURN QUERY
		SELECT id, whitelabel_model_id, true, created_at FROM whitelabel_posts
		WHERE id = ANY (newest_matching_posts(whole, most)) ORDER BY created_at DESC, id DESC LIMIT most;
	GET DIAGNOSTICS found_rows = ROW_COUNT;
	IF NOT is_typing OR found_rows >= most THEN RETURN; END IF;
	RETURN QUERY
		SELECT id, whitelabel_model_id, false, created_at FROM whitelabel_posts
		WHERE id = ANY (newest_matching_posts(search_query(input, true) && !!whole, most - found_rows))
		ORDER BY created_at DESC, id DESC LIMIT most - found_rows;
END $$;--> statement-breakpoint

-- known_words -----------------------------------------------------------------------------------------------------------
-- What is left of the beginning of a word when one letter is left out, and of a long one two: two words that differ by
-- so many typos have at least one in common. (The beginning is enough: typos behind it leave it as it is.)
CREATE FUNCTION "word_variants"("word" text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = public, pg_temp AS $$
DECLARE
	variants text[] := ARRAY[left(word, 7)];
BEGIN
	FOR omitted IN 1 .. CASE WHEN length(word) >= 6 THEN 2 ELSE 1 END LOOP
		variants := ARRAY(
			SELECT unnest(variants)
			UNION
			SELECT overlay(variant PLACING '' FROM place FOR 1)
			FROM unnest(variants) AS longer (variant), generate_series(1, length(variant)) AS place
		);
	END LOOP;
	RETURN variants;
END $$;--> statement-breakpoint
CREATE TABLE "known_words" (
	"word" text PRIMARY KEY NOT NULL,
	"variants" text[] NOT NULL
);
--> statement-breakpoint
DROP INDEX "whitelabel_posts_search";--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD COLUMN "image_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "whitelabel_models" ADD COLUMN "video_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "known_words_alike" ON "known_words" USING gin ("variants");--> statement-breakpoint
CREATE INDEX "whitelabel_models_by_name" ON "whitelabel_models" USING btree (search_text("folder_name") collate natural_order,"id") WHERE "whitelabel_models"."status" = 'active';--> statement-breakpoint
CREATE INDEX "whitelabel_posts_search" ON "whitelabel_posts" USING gin (search_terms("title", "created_at"));--> statement-breakpoint

CREATE FUNCTION "remember_words"("texts" text[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	-- In one order, so that two writers cannot wait for each other.
	INSERT INTO known_words (word, variants)
	SELECT word, word_variants(word)
	FROM (SELECT DISTINCT unnest(search_words(given.input)) AS word FROM unnest(texts) AS given (input)) AS used
	WHERE word ~ '^[[:alpha:]]{3,}$' COLLATE natural_order
		AND NOT EXISTS (SELECT FROM known_words WHERE known_words.word = used.word)
	ORDER BY word COLLATE "C"
	ON CONFLICT DO NOTHING;
END $$;--> statement-breakpoint
-- The argument is the column that holds words.
CREATE FUNCTION "keep_known_words"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
	texts text[];
BEGIN
	IF TG_OP = 'INSERT' THEN
		EXECUTE format('SELECT array(SELECT DISTINCT %I FROM new_rows)', TG_ARGV[0]) INTO texts;
	ELSE
		EXECUTE format('SELECT array(SELECT %1$I FROM new_rows EXCEPT SELECT %1$I FROM old_rows)', TG_ARGV[0]) INTO texts;
	END IF;
	IF cardinality(texts) > 0 THEN PERFORM remember_words(texts); END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_keep_known_words_on_insert" AFTER INSERT ON "whitelabel_models"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('folder_name');--> statement-breakpoint
CREATE TRIGGER "whitelabel_models_keep_known_words_on_update" AFTER UPDATE ON "whitelabel_models"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('folder_name');--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_keep_known_words_on_insert" AFTER INSERT ON "whitelabel_posts"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('title');--> statement-breakpoint
CREATE TRIGGER "whitelabel_posts_keep_known_words_on_update" AFTER UPDATE ON "whitelabel_posts"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('title');--> statement-breakpoint
CREATE TRIGGER "models_keep_known_words_on_insert" AFTER INSERT ON "models"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('name');--> statement-breakpoint
CREATE TRIGGER "models_keep_known_words_on_update" AFTER UPDATE ON "models"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('name');--> statement-breakpoint
CREATE TRIGGER "posts_keep_known_words_on_insert" AFTER INSERT ON "posts"
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('title');--> statement-breakpoint
CREATE TRIGGER "posts_keep_known_words_on_update" AFTER UPDATE ON "posts"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "keep_known_words"('title');--> statement-breakpoint

-- A word that no text has any more does no harm but to lead to nothing. Taking it away waits for all writers: one of
-- them may be about to use it.
CREATE FUNCTION "sweep_known_words"() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	LOCK TABLE whitelabel_models, whitelabel_posts, models, posts IN SHARE MODE;
	DELETE FROM known_words
	WHERE NOT EXISTS (
			SELECT FROM whitelabel_posts WHERE search_terms(title, created_at) @@ quote_literal(known_words.word)::tsquery
		)
		AND word NOT IN (
			SELECT unnest(search_words(folder_name)) FROM whitelabel_models
			UNION SELECT unnest(search_words(name)) FROM models
			UNION SELECT unnest(search_words(title)) FROM posts
		);
END $$;--> statement-breakpoint

-- whitelabel_models.latest_post_at, image_count and video_count, beside post_count (0008) --------------------------------
CREATE OR REPLACE FUNCTION "refresh_post_count"("model_ids" integer[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM FROM whitelabel_models WHERE id = ANY (model_ids) ORDER BY id FOR NO KEY UPDATE;
	UPDATE whitelabel_models SET
		revision = revision + 1,
		(post_count, image_count, video_count, latest_post_at) = (
			SELECT count(*), coalesce(sum(post.image_count), 0), coalesce(sum(post.video_count), 0), max(post.created_at)
			FROM whitelabel_posts AS post
			WHERE post.whitelabel_model_id = whitelabel_models.id AND post.hidden_at IS NULL
		)
	WHERE id = ANY (model_ids);
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "whitelabel_posts_keep_count"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
		UPDATE whitelabel_models SET
			post_count = 0, image_count = 0, video_count = 0, latest_post_at = NULL, revision = revision + 1
		WHERE post_count <> 0;
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "whitelabel_models_guard_copies"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	SELECT count(*), coalesce(sum(image_count), 0), coalesce(sum(video_count), 0), max(created_at)
	INTO NEW.post_count, NEW.image_count, NEW.video_count, NEW.latest_post_at
	FROM whitelabel_posts WHERE whitelabel_model_id = NEW.id AND hidden_at IS NULL;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE OR REPLACE TRIGGER "whitelabel_models_guard_copies_on_insert" BEFORE INSERT ON "whitelabel_models"
	FOR EACH ROW WHEN (
		NEW.post_count <> 0 OR NEW.image_count <> 0 OR NEW.video_count <> 0 OR NEW.latest_post_at IS NOT NULL
	) EXECUTE FUNCTION "whitelabel_models_guard_copies"();--> statement-breakpoint
CREATE OR REPLACE TRIGGER "whitelabel_models_guard_copies_on_update" BEFORE UPDATE ON "whitelabel_models"
	FOR EACH ROW WHEN (
		pg_trigger_depth() = 0
		AND (
			NEW.post_count IS DISTINCT FROM OLD.post_count
			OR NEW.image_count IS DISTINCT FROM OLD.image_count
			OR NEW.video_count IS DISTINCT FROM OLD.video_count
			OR NEW.latest_post_at IS DISTINCT FROM OLD.latest_post_at
		)
	) EXECUTE FUNCTION "whitelabel_models_guard_copies"();--> statement-breakpoint

-- Rows that were there before.
SELECT refresh_post_count(ARRAY(SELECT id FROM whitelabel_models));--> statement-breakpoint
SELECT remember_words(ARRAY(
	SELECT folder_name FROM whitelabel_models
	UNION SELECT title FROM whitelabel_posts
	UNION SELECT name FROM models
	UNION SELECT title FROM posts
));
