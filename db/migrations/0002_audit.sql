-- One link of a scope's chain: the head row is locked, so numbers have no gaps and the chain has no forks. The hash is
-- HMAC-SHA-256(key, previous hash, newline, canonical row); jsonb's own text form is the canonical form of the changes.
CREATE FUNCTION audit_append(
  in_scope text, in_at timestamptz, in_actor_kind text, in_actor_id text, in_action text, in_target text,
  in_request_id text, in_changes jsonb, in_key_id text, in_key text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head audit_heads%ROWTYPE;
  link text;
BEGIN
  INSERT INTO audit_heads (scope, seq, hash) VALUES (in_scope, 0, '') ON CONFLICT (scope) DO NOTHING;
  SELECT * INTO head FROM audit_heads WHERE scope = in_scope FOR UPDATE;
  link := encode(hmac(
    head.hash || E'\n' || jsonb_build_array(
      in_scope, head.seq + 1, to_char(in_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      in_actor_kind, in_actor_id, in_action, in_target, in_request_id, in_changes, in_key_id
    )::text,
    in_key, 'sha256'), 'hex');
  INSERT INTO audit_log (scope, seq, at, actor_kind, actor_id, action, target, request_id, changes, key_id, previous_hash, hash)
  VALUES (in_scope, head.seq + 1, in_at, in_actor_kind, in_actor_id, in_action, in_target, in_request_id, in_changes, in_key_id, head.hash, link);
  UPDATE audit_heads SET seq = head.seq + 1, hash = link WHERE scope = in_scope;
  RETURN head.seq + 1;
END $$;
--> statement-breakpoint
-- The trail is append-only for everybody, the owner of the table included.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
