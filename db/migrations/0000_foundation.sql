CREATE EXTENSION IF NOT EXISTS pgcrypto;
--> statement-breakpoint
-- A guard inside a write-set: SQLSTATE HB001 carries the error code of the refusal, and nothing of the set remains.
CREATE FUNCTION house_require(held boolean, code text) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF held IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = 'HB001', MESSAGE = code;
  END IF;
END $$;
