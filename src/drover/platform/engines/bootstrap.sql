-- Prepares a PostgreSQL 17+ database for Drover: its roles and what they may not do.
--
-- Run by a superuser, connected to Drover's own database, as often as you like:
--     createdb drover
--     psql --dbname=drover --file=bootstrap.sql
-- The embedded engine runs it at every start. Roles are made without a password and so can't sign in
-- until each has its own: the embedded engine sets them; elsewhere use \password in psql, with
-- password_encryption = 'scram-sha-256'. The server should have max_locks_per_transaction >= 1024 and jit = off.

DO $roles$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'drover_tables', 'drover_tenancy', 'drover_audit', 'drover_owner',
        'drover_auth', 'drover_api', 'drover_poller', 'drover_ingest', 'drover_worker'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
END
$roles$;

-- Owners of tables, of the tenancy functions and of the audit trail: nobody signs in as these, and RLS holds for all three.
ALTER ROLE drover_tables NOLOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE drover_tenancy NOLOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE drover_audit NOLOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;

-- Runs migrations, nothing else. BYPASSRLS: a forced owner updates no rows without saying so.
ALTER ROLE drover_owner LOGIN BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 8;
GRANT drover_tables TO drover_owner WITH ADMIN FALSE, INHERIT TRUE, SET TRUE;
GRANT drover_tenancy TO drover_owner WITH ADMIN FALSE, INHERIT TRUE, SET TRUE;
GRANT drover_audit TO drover_owner WITH ADMIN FALSE, INHERIT TRUE, SET TRUE;

-- The services: own nothing, bypass nothing.
ALTER ROLE drover_auth LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT CONNECTION LIMIT 20;
ALTER ROLE drover_api LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT CONNECTION LIMIT 40;
ALTER ROLE drover_poller LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT CONNECTION LIMIT 16;
ALTER ROLE drover_ingest LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT CONNECTION LIMIT 16;
ALTER ROLE drover_worker LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT CONNECTION LIMIT 40;

DO $settings$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY[
        'drover_auth', 'drover_api', 'drover_poller', 'drover_ingest', 'drover_worker'
    ] LOOP
        -- With a partition per tenant a generic plan locks every tenant's partitions.
        EXECUTE pg_catalog.format('ALTER ROLE %I SET plan_cache_mode = ''force_custom_plan''', service);
        EXECUTE pg_catalog.format('ALTER ROLE %I SET lock_timeout = ''2s''', service);
        EXECUTE pg_catalog.format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''60s''', service);
        EXECUTE pg_catalog.format('ALTER ROLE %I SET jit = ''off''', service);
    END LOOP;
    FOREACH service IN ARRAY ARRAY['drover_auth', 'drover_api'] LOOP
        EXECUTE pg_catalog.format('ALTER ROLE %I SET statement_timeout = ''30s''', service);
    END LOOP;
    EXECUTE pg_catalog.format(
        'REVOKE ALL ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
    EXECUTE pg_catalog.format(
        'GRANT CONNECT ON DATABASE %I TO drover_owner, drover_auth, drover_api, drover_poller,'
        ' drover_ingest, drover_worker', pg_catalog.current_database());
    EXECUTE pg_catalog.format(
        'GRANT CREATE ON DATABASE %I TO drover_owner', pg_catalog.current_database());
END
$settings$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO drover_owner;

-- What the owners make is executable by nobody until granted.
ALTER DEFAULT PRIVILEGES FOR ROLE drover_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE drover_tables REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE drover_tenancy REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE drover_audit REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Built-in functions that one tenant's request could reach another with: large objects (outside RLS),
-- other sessions' statements, ending other sessions, and advisory locks (one space for all).
DO $functions$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT p.oid::pg_catalog.regprocedure AS signature, p.proname LIKE '%advisory%' AS is_lock
          FROM pg_catalog.pg_proc AS p
         WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
           AND (p.proname LIKE 'lo\_%' OR p.proname IN ('loread', 'lowrite')
                OR p.proname LIKE 'pg\_advisory\_%' OR p.proname LIKE 'pg\_try\_advisory\_%'
                OR p.proname LIKE 'pg\_stat\_get\_backend\_%'
                OR p.proname IN ('pg_stat_get_activity', 'pg_terminate_backend', 'pg_cancel_backend'))
    LOOP
        EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found.signature);
        IF found.is_lock THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO drover_owner, drover_worker', found.signature);
        END IF;
    END LOOP;
END
$functions$;
