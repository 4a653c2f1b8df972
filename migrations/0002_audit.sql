-- The audit trail: one hash chain per tenant (0 is the platform's), computed in the database at commit.

create schema audit authorization drover_audit;
grant usage on schema tenancy to drover_audit;
grant usage on schema auth to drover_audit;
grant usage on schema audit to drover_tables, drover_tenancy, drover_auth, drover_api, drover_poller, drover_ingest, drover_worker;
alter default privileges for role drover_audit revoke execute on functions from public;
grant select (id, name, email) on auth.users to drover_audit;

set local role drover_audit;

create table audit.entries (
    tenant_id integer not null,
    seq bigint not null,
    at timestamptz not null,
    actor_kind text not null check (actor_kind in ('user', 'token', 'service', 'anonymous')),
    actor_id bigint,
    actor_name text not null,
    role text,
    via text not null,
    source_address inet,
    action text not null,
    target_kind text,
    target_id text,
    target_name text,
    outcome text not null check (outcome in ('intent', 'success', 'refused', 'failure')),
    details jsonb not null,
    request_id text,
    previous_hash bytea not null,
    hash bytea not null,
    primary key (tenant_id, at, seq)
) partition by list (tenant_id);
create index entries_seq on audit.entries (tenant_id, seq desc);
create index entries_target on audit.entries (tenant_id, target_kind, target_id, seq desc);

-- Entries of the running transaction, chained and emptied by the deferred trigger at commit.
create table audit.pending (
    tenant_id integer not null,
    id bigint generated always as identity,
    at timestamptz not null,
    actor_kind text not null,
    actor_id bigint,
    actor_name text not null,
    role text,
    via text not null,
    source_address inet,
    action text not null check (length(action) between 3 and 80),
    target_kind text,
    target_id text,
    target_name text,
    outcome text not null,
    details jsonb not null,
    request_id text,
    primary key (tenant_id, id)
);

create table audit.heads (
    tenant_id integer primary key,
    seq bigint not null,
    hash bytea not null
);

alter table audit.entries enable row level security;
alter table audit.entries force row level security;
alter table audit.pending enable row level security;
alter table audit.pending force row level security;
alter table audit.heads enable row level security;
alter table audit.heads force row level security;
create policy definer on audit.entries to drover_audit using (true) with check (true);
create policy definer on audit.pending to drover_audit using (true) with check (true);
create policy definer on audit.heads to drover_audit using (true) with check (true);
create policy isolation on audit.entries for select to drover_api, drover_worker using (tenant_id = (select tenancy.current_tenant()));
grant select on audit.entries to drover_api, drover_worker;

-- The text that is hashed: one JSON array in a fixed order, times in UTC microseconds.
create function audit.canonical(e audit.entries) returns text
language sql immutable set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
as $$
    select jsonb_build_array(e.tenant_id, e.seq, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_kind, e.actor_id,
        e.actor_name, e.role, e.via, host(e.source_address), e.action, e.target_kind, e.target_id, e.target_name, e.outcome,
        e.details, e.request_id, encode(e.previous_hash, 'hex'))::text
$$;
grant execute on function audit.canonical(audit.entries) to drover_api, drover_worker;

create function audit.chain() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    head audit.heads;
    e audit.entries;
begin
    select * into head from audit.heads h where h.tenant_id = new.tenant_id for update;
    if head.tenant_id is null then
        raise exception 'tenant % has no audit chain', new.tenant_id using errcode = 'DR500';
    end if;
    e := row (new.tenant_id, head.seq + 1, new.at, new.actor_kind, new.actor_id, new.actor_name, new.role, new.via, new.source_address,
              new.action, new.target_kind, new.target_id, new.target_name, new.outcome, new.details, new.request_id, head.hash, ''::bytea)::audit.entries;
    e.hash := sha256(convert_to(audit.canonical(e), 'UTF8'));
    insert into audit.entries select e.*;
    update audit.heads h set seq = e.seq, hash = e.hash where h.tenant_id = e.tenant_id;
    delete from audit.pending p where p.tenant_id = new.tenant_id and p.id = new.id;
    return null;
end $$;
create constraint trigger chain after insert on audit.pending deferrable initially deferred for each row execute function audit.chain();

create function audit.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin raise exception 'the audit trail is append-only' using errcode = 'DR405'; end $$;
create trigger append_only before update or delete on audit.entries for each row execute function audit.refuse_change();
create trigger append_only_truncate before truncate on audit.entries for each statement execute function audit.refuse_change();

-- Record one entry in the current tenant's trail; actor, role and tenant come from the signed context.
create function audit.record(action text, target_kind text, target_id text, target_name text, outcome text, details jsonb,
                             source inet default null, request_id text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.current_context();
begin
    insert into audit.pending (tenant_id, at, actor_kind, actor_id, actor_name, role, via, source_address, action, target_kind, target_id, target_name, outcome, details, request_id)
    values (c.tenant_id, clock_timestamp(), c.actor_kind, nullif(c.actor_id, 0),
        case c.actor_kind when 'service' then c.role else coalesce((select u.name || ' <' || u.email || '>' from auth.users u where u.id = c.actor_id), 'user ' || c.actor_id) end,
        c.role, session_user, $7, $1, $2, $3, $4, $5, coalesce($6, '{}'::jsonb), $8);
end $$;

-- Record in the platform's trail as the person behind a session: refusals, sign-outs.
create function audit.record_as_session(secret text, action text, target_kind text, target_id text, target_name text, outcome text, details jsonb,
                                        source inet default null, request_id text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    live record;
begin
    select * into live from tenancy.live_session(secret);
    insert into audit.pending (tenant_id, at, actor_kind, actor_id, actor_name, role, via, source_address, action, target_kind, target_id, target_name, outcome, details, request_id)
    values (0, clock_timestamp(), 'user', live.user_id, live.user_name || ' <' || (select u.email from auth.users u where u.id = live.user_id) || '>',
        case when live.is_super_admin then 'super_admin' end, session_user, $8, $2, $3, $4, $5, $6, coalesce($7, '{}'::jsonb), $9);
end $$;

-- Record in the platform's trail what nobody signed in did: failed sign-ins, links.
create function audit.record_anonymous(action text, actor_name text, outcome text, details jsonb, source inet default null, request_id text default null) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into audit.pending (tenant_id, at, actor_kind, actor_id, actor_name, role, via, source_address, action, target_kind, target_id, target_name, outcome, details, request_id)
    values (0, clock_timestamp(), 'anonymous', null, $2, null, session_user, $5, $1, null, null, null, $3, coalesce($4, '{}'::jsonb), $6)
$$;

-- A service without a tenant records in the platform's trail.
create function audit.record_platform_service(action text, target_kind text, target_id text, target_name text, outcome text, details jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into audit.pending (tenant_id, at, actor_kind, actor_id, actor_name, role, via, source_address, action, target_kind, target_id, target_name, outcome, details, request_id)
    values (0, clock_timestamp(), 'service', null, session_user, session_user, session_user, null, $1, $2, $3, $4, $5, coalesce($6, '{}'::jsonb), null)
$$;

-- A super_admin's act on a tenant, written to that tenant's own trail (entering, leaving, changing its networks).
create function audit.record_in_tenant(tenant integer, action text, details jsonb, source inet default null, request_id text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.current_context();
begin
    if c.tenant_id <> 0 or c.role <> 'super_admin' then
        raise exception 'only a super_admin may do this' using errcode = 'DR403';
    end if;
    insert into audit.pending (tenant_id, at, actor_kind, actor_id, actor_name, role, via, source_address, action, target_kind, target_id, target_name, outcome, details, request_id)
    values (tenant, clock_timestamp(), 'user', c.actor_id, coalesce((select u.name || ' <' || u.email || '>' from auth.users u where u.id = c.actor_id), 'user ' || c.actor_id),
        'super_admin', session_user, $4, $2, 'tenant', tenant::text, null, 'success', coalesce($3, '{}'::jsonb), $5);
end $$;

-- Somebody accepted an invitation: written to the tenant's trail by tenancy.accept_invitation.
create function audit.record_acceptance(tenant integer, person bigint, role text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into audit.pending (tenant_id, at, actor_kind, actor_id, actor_name, role, via, action, target_kind, target_id, target_name, outcome, details)
    select tenant, clock_timestamp(), 'user', u.id, u.name || ' <' || u.email || '>', $3, session_user, 'person.joined', 'person', u.id::text, u.name,
        'success', jsonb_build_object('role', $3)
    from auth.users u where u.id = person
$$;

-- The heads of all chains: what a checkpoint signs.
create function audit.list_heads() returns table (tenant_id integer, seq bigint, hash bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select h.tenant_id, h.seq, h.hash from audit.heads h order by h.tenant_id $$;

-- The head of the current tenant's chain.
create function audit.current_head(out seq bigint, out hash bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select h.seq, h.hash from audit.heads h where h.tenant_id = (select tenancy.current_tenant()) $$;

-- Make sure that a tenant's monthly partitions exist from last month to three months ahead.
create function audit.extend_partitions(tenant integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    first_month date := date_trunc('month', now() at time zone 'UTC')::date;
    month date;
    leaf text;
    made integer := 0;
begin
    for i in -1..3 loop
        month := first_month + make_interval(months => i);
        leaf := format('entries_%s_%s', tenant, to_char(month, 'YYYYMM'));
        if to_regclass('audit.' || leaf) is null then
            execute format('create table audit.%I (like audit.entries including defaults including constraints)', leaf);
            execute format('alter table audit.%I enable row level security, force row level security', leaf);
            execute format('alter table audit.%I attach partition audit.%I for values from (%L) to (%L)', 'entries_' || tenant, leaf,
                month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
            execute format('create trigger append_only_truncate before truncate on audit.%I for each statement execute function audit.refuse_change()', leaf);
            made := made + 1;
        end if;
    end loop;
    return made;
end $$;

-- Open a tenant's chain: its partition, its first months and its head.
create function audit.open_chain(tenant integer) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('create table audit.%I (like audit.entries including defaults including constraints) partition by range (at)', 'entries_' || tenant);
    execute format('alter table audit.%I enable row level security, force row level security', 'entries_' || tenant);
    perform audit.extend_partitions(tenant);
    execute format('alter table audit.entries attach partition audit.%I for values in (%s)', 'entries_' || tenant, tenant);
    insert into audit.heads values (tenant, 0, sha256(convert_to('drover audit chain ' || tenant, 'UTF8')));
end $$;
select audit.open_chain(0);

grant execute on function audit.record(text, text, text, text, text, jsonb, inet, text) to drover_api, drover_poller, drover_ingest, drover_worker;
grant execute on function audit.record_as_session(text, text, text, text, text, text, jsonb, inet, text) to drover_api, drover_auth;
grant execute on function audit.record_anonymous(text, text, text, jsonb, inet, text) to drover_auth;
grant execute on function audit.record_platform_service(text, text, text, text, text, jsonb) to drover_worker;
grant execute on function audit.record_in_tenant(integer, text, jsonb, inet, text) to drover_api, drover_tenancy;
grant execute on function audit.record_acceptance(integer, bigint, text) to drover_tenancy;
grant execute on function audit.list_heads(), audit.open_chain(integer), audit.extend_partitions(integer) to drover_worker;
grant execute on function audit.current_head() to drover_api, drover_worker;
reset role;
