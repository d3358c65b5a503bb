CREATE TABLE "audit_heads" (
	"scope" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"scope" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"request_id" text NOT NULL,
	"changes" jsonb NOT NULL,
	"key_id" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_log_pkey" PRIMARY KEY("scope","seq")
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" text PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"message_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"failed_at" timestamp (3) with time zone NOT NULL,
	"replayed_at" timestamp (3) with time zone,
	CONSTRAINT "dead_letters_message" UNIQUE("message_id")
);
--> statement-breakpoint
CREATE TABLE "inbox_events" (
	"consumer" text NOT NULL,
	"event_id" text NOT NULL,
	"consumed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "inbox_events_pkey" PRIMARY KEY("consumer","event_id")
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"job" text NOT NULL,
	"scheduled_for" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error" text,
	CONSTRAINT "job_runs_pkey" PRIMARY KEY("job","scheduled_for")
);
--> statement-breakpoint
CREATE TABLE "outbox_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"subject_id" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "provider_events" (
	"provider" text NOT NULL,
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_events_pkey" PRIMARY KEY("provider","event_id")
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"hash" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "one_time_tokens_hash" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"user_agent" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"idle_until" timestamp (3) with time zone NOT NULL,
	"absolute_until" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"refresh_hash" text,
	CONSTRAINT "sessions_token" UNIQUE("token_hash"),
	CONSTRAINT "sessions_refresh" UNIQUE("refresh_hash"),
	CONSTRAINT "sessions_kind" CHECK ("sessions"."kind" in ('cookie', 'bearer'))
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_normal" text NOT NULL,
	"email_verified_at" timestamp (3) with time zone,
	"name" text NOT NULL,
	"locale" text NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "users_email" UNIQUE("email_normal"),
	CONSTRAINT "users_role" CHECK ("users"."role" in ('user', 'admin')),
	CONSTRAINT "users_locale" CHECK ("users"."locale" in ('ja', 'en'))
);
--> statement-breakpoint
CREATE TABLE "plan_grants" (
	"user_id" text NOT NULL,
	"plan" text NOT NULL,
	"source" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone,
	CONSTRAINT "plan_grants_plan" CHECK ("plan_grants"."plan" in ('premium')),
	CONSTRAINT "plan_grants_window" CHECK ("plan_grants"."ends_at" is null or "plan_grants"."ends_at" > "plan_grants"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"handle" text NOT NULL,
	"name" text NOT NULL,
	"about" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "channels_owner" UNIQUE("owner_id"),
	CONSTRAINT "channels_handle" UNIQUE("handle")
);
--> statement-breakpoint
CREATE TABLE "transcoding_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"video_id" text NOT NULL,
	"version" integer NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"remote_id" text,
	"state" text NOT NULL,
	"percent" integer DEFAULT 0 NOT NULL,
	"error_code" integer,
	"error_message" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "transcoding_jobs_remote" UNIQUE("remote_id"),
	CONSTRAINT "transcoding_jobs_state" CHECK ("transcoding_jobs"."state" in ('queued', 'submitted', 'progressing', 'complete', 'failed', 'canceled')),
	CONSTRAINT "transcoding_jobs_percent" CHECK ("transcoding_jobs"."percent" between 0 and 100)
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"video_id" text NOT NULL,
	"object_key" text NOT NULL,
	"remote_id" text NOT NULL,
	"file_name" text NOT NULL,
	"content_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"part_bytes" integer NOT NULL,
	"fingerprint" text NOT NULL,
	"state" text NOT NULL,
	"refusal" text,
	"checking_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "uploads_object" UNIQUE("object_key"),
	CONSTRAINT "uploads_state" CHECK ("uploads"."state" in ('receiving', 'checking', 'accepted', 'refused', 'canceled')),
	CONSTRAINT "uploads_size" CHECK ("uploads"."size_bytes" > 0)
);
--> statement-breakpoint
CREATE TABLE "video_versions" (
	"video_id" text NOT NULL,
	"version" integer NOT NULL,
	"source_key" text NOT NULL,
	"source_bytes" bigint NOT NULL,
	"media_prefix" text NOT NULL,
	"duration_ms" integer,
	"width" integer,
	"height" integer,
	"has_audio" boolean,
	"renditions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"storyboard" jsonb,
	"poster_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "video_versions_pkey" PRIMARY KEY("video_id","version")
);
--> statement-breakpoint
CREATE TABLE "videos" (
	"id" text PRIMARY KEY NOT NULL,
	"channel_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"category" text NOT NULL,
	"age_rating" text DEFAULT 'g' NOT NULL,
	"visibility" text DEFAULT 'private' NOT NULL,
	"state" text NOT NULL,
	"state_reason" text,
	"publish_when_ready" boolean DEFAULT false NOT NULL,
	"published_at" timestamp (3) with time zone,
	"duration_ms" integer,
	"width" integer,
	"height" integer,
	"poster_index" integer DEFAULT 1 NOT NULL,
	"poster_key" text,
	"current_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "videos_state" CHECK ("videos"."state" in ('uploading', 'uploaded', 'processing', 'ready', 'published', 'failed', 'deleted')),
	CONSTRAINT "videos_visibility" CHECK ("videos"."visibility" in ('public', 'unlisted', 'members', 'private')),
	CONSTRAINT "videos_age_rating" CHECK ("videos"."age_rating" in ('g', 'pg12', 'r15', 'r18')),
	CONSTRAINT "videos_published_at" CHECK (("videos"."state" = 'published') = ("videos"."published_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "watch_positions" (
	"user_id" text NOT NULL,
	"video_id" text NOT NULL,
	"position_ms" integer NOT NULL,
	"playback_id" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "watch_positions_pkey" PRIMARY KEY("user_id","video_id"),
	CONSTRAINT "watch_positions_range" CHECK ("watch_positions"."position_ms" >= 0)
);
--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_grants" ADD CONSTRAINT "plan_grants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcoding_jobs" ADD CONSTRAINT "transcoding_jobs_of_version" FOREIGN KEY ("video_id","version") REFERENCES "public"."video_versions"("video_id","version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_versions" ADD CONSTRAINT "video_versions_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_positions" ADD CONSTRAINT "watch_positions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_positions" ADD CONSTRAINT "watch_positions_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_target" ON "audit_log" USING btree ("target","at");--> statement-breakpoint
CREATE INDEX "dead_letters_open" ON "dead_letters" USING btree ("failed_at") WHERE "dead_letters"."replayed_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_events_waiting" ON "outbox_events" USING btree ("occurred_at") WHERE "outbox_events"."published_at" is null;--> statement-breakpoint
CREATE INDEX "one_time_tokens_user" ON "one_time_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "plan_grants_user" ON "plan_grants" USING btree ("user_id","ends_at");--> statement-breakpoint
CREATE UNIQUE INDEX "transcoding_jobs_version" ON "transcoding_jobs" USING btree ("video_id","version");--> statement-breakpoint
CREATE INDEX "transcoding_jobs_open" ON "transcoding_jobs" USING btree ("updated_at") WHERE "transcoding_jobs"."state" in ('queued', 'submitted', 'progressing');--> statement-breakpoint
CREATE UNIQUE INDEX "uploads_resumable" ON "uploads" USING btree ("owner_id","fingerprint") WHERE "uploads"."state" = 'receiving';--> statement-breakpoint
CREATE INDEX "uploads_expiring" ON "uploads" USING btree ("expires_at") WHERE "uploads"."state" in ('receiving', 'checking');--> statement-breakpoint
CREATE INDEX "videos_of_owner" ON "videos" USING btree ("owner_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_of_channel" ON "videos" USING btree ("channel_id","published_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "videos"."state" = 'published';--> statement-breakpoint
CREATE INDEX "videos_listed" ON "videos" USING btree ("published_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "videos"."state" = 'published' and "videos"."visibility" in ('public', 'members');--> statement-breakpoint
CREATE INDEX "videos_listed_by_category" ON "videos" USING btree ("category","published_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "videos"."state" = 'published' and "videos"."visibility" in ('public', 'members');