-- People, sessions, tenants and the signed context. See docs/adr/0003 and docs/architecture.md.
-- Runs as drover_owner; tables belong to drover_tables, definer functions to drover_tenancy.

create schema auth authorization drover_tables;
create schema tenancy authorization drover_tenancy;
create schema drover authorization drover_tables;
create schema parts authorization drover_tables;  -- partitions live here; no service has USAGE on it
grant usage on schema auth to drover_tenancy, drover_auth;
grant usage on schema drover to drover_tenancy, drover_api, drover_poller, drover_ingest, drover_worker;
grant usage on schema tenancy to drover_tables, drover_auth, drover_api, drover_poller, drover_ingest, drover_worker;

alter default privileges for role drover_tables revoke execute on functions from public;
alter default privileges for role drover_tenancy revoke execute on functions from public;

-- ---------------------------------------------------------------- tenants
set local role drover_tenancy;

create table tenancy.tenants (
    id integer generated always as identity primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name text not null check (length(name) between 1 and 120),
    colour text not null check (colour ~ '^#[0-9a-f]{6}$'),
    state text not null default 'creating' check (state in ('creating', 'active')),
    management_networks cidr[] not null check (cardinality(management_networks) >= 1),
    created_at timestamptz not null default now()
);

-- Counters that a super_admin without membership may see; written from a service's context.
create table tenancy.tenant_counters (
    tenant_id integer primary key references tenancy.tenants on delete cascade,
    devices integer not null default 0,
    online integer not null default 0,
    offline integer not null default 0,
    stale integer not null default 0,
    unknown integer not null default 0,
    disabled integer not null default 0,
    last_event_at timestamptz,
    updated_at timestamptz not null default now()
);
alter table tenancy.tenant_counters enable row level security;
alter table tenancy.tenant_counters force row level security;
create policy definer on tenancy.tenant_counters to drover_tenancy using (true) with check (true);

-- Work that a service has for a tenant: the row it can't write is its right to enter.
create table tenancy.leases (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    service text not null check (service in ('drover_poller', 'drover_ingest', 'drover_worker')),
    id uuid not null default gen_random_uuid(),
    primary key (tenant_id, service)
);
create unique index leases_id on tenancy.leases (tenant_id, id);
alter table tenancy.leases enable row level security;
alter table tenancy.leases force row level security;
create policy definer on tenancy.leases to drover_tenancy using (true) with check (true);

-- ---------------------------------------------------------------- people (global tables)
reset role;
grant references on tenancy.tenants to drover_tables;
set local role drover_tables;

create table auth.users (
    id bigint generated always as identity primary key,
    email text not null check (email = lower(email) and length(email) between 3 and 254),
    name text not null check (length(name) between 1 and 120),
    password_hash text,
    is_super_admin boolean not null default false,
    disabled_at timestamptz,
    last_sign_in_at timestamptz,
    created_at timestamptz not null default now()
);
create unique index users_email on auth.users (email);

create table auth.sessions (
    id bigint generated always as identity primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    user_id bigint not null references auth.users on delete cascade,
    source_address inet,
    user_agent text check (length(user_agent) <= 400),
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_user on auth.sessions (user_id);

create table auth.links (
    id bigint generated always as identity primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    purpose text not null check (purpose = 'setup'),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);

-- An invitation is no membership yet: that comes when the link is used, by whoever can sign in as that person (or, when nobody
-- ever could, chooses the first password). So inviting an email gives nobody a way into what that person may do elsewhere.
create table auth.invitations (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id bigint generated always as identity,
    token_hash bytea not null check (length(token_hash) = 32),
    user_id bigint not null references auth.users on delete cascade,
    name text not null check (length(name) between 1 and 120),
    role text not null check (role in ('admin', 'operator', 'viewer')),
    invited_by bigint references auth.users on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, token_hash)
);
create unique index invitations_open on auth.invitations (tenant_id, user_id) where used_at is null;
create index invitations_token on auth.invitations (token_hash);
alter table auth.invitations enable row level security;
alter table auth.invitations force row level security;
create policy definer on auth.invitations to drover_tenancy using (true) with check (true);

create table auth.sign_in_attempts (
    id bigint generated always as identity primary key,
    email text not null,
    source_address inet,
    succeeded boolean not null,
    at timestamptz not null default now()
);
create index sign_in_attempts_email on auth.sign_in_attempts (email, at);
create index sign_in_attempts_address on auth.sign_in_attempts (source_address, at);

create table auth.memberships (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    user_id bigint not null references auth.users on delete cascade,
    role text not null check (role in ('admin', 'operator', 'viewer')),
    created_at timestamptz not null default now(),
    created_by bigint references auth.users on delete set null,
    primary key (tenant_id, user_id)
);
create index memberships_user on auth.memberships (user_id, tenant_id);
alter table auth.memberships enable row level security;
alter table auth.memberships force row level security;
create policy definer on auth.memberships to drover_tenancy using (true) with check (true);

-- A super_admin's recorded, reasoned, time-boxed presence in a tenant.
create table auth.tenant_entries (
    tenant_id integer not null references tenancy.tenants on delete cascade,
    id bigint generated always as identity,
    user_id bigint not null references auth.users on delete cascade,
    reason text not null check (length(reason) between 5 and 500),
    started_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    primary key (tenant_id, id)
);
create index tenant_entries_user on auth.tenant_entries (tenant_id, user_id, expires_at);
alter table auth.tenant_entries enable row level security;
alter table auth.tenant_entries force row level security;
create policy definer on auth.tenant_entries to drover_tenancy using (true) with check (true);

grant select, insert, update on auth.users, auth.sessions, auth.links to drover_auth;
grant select, insert, delete, update (succeeded) on auth.sign_in_attempts to drover_auth;
grant select, insert, update on auth.users to drover_tenancy;
grant select, update on auth.sessions to drover_tenancy;
grant select, insert, update, delete on auth.memberships, auth.tenant_entries, auth.invitations to drover_tenancy;

-- ---------------------------------------------------------------- the signed context
reset role;
set local role drover_tenancy;

create table tenancy.signing_keys (
    id integer primary key check (id = 1),
    inner_pad bytea not null check (length(inner_pad) = 64),
    outer_pad bytea not null check (length(outer_pad) = 64)
);

do $$
declare
    key bytea := sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
    ipad bytea := decode(repeat('36', 64), 'hex');
    opad bytea := decode(repeat('5c', 64), 'hex');
begin
    for i in 0..31 loop
        ipad := set_byte(ipad, i, get_byte(key, i) # 54);
        opad := set_byte(opad, i, get_byte(key, i) # 92);
    end loop;
    insert into tenancy.signing_keys values (1, ipad, opad);
end $$;

-- HMAC-SHA256 over the claim, this backend's pid and this transaction's start: worthless anywhere else.
create function tenancy.sign(claim text) returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(
        claim || '|' || pg_backend_pid() || '|' || extract(epoch from transaction_timestamp())::text, 'UTF8'))), 'hex')
    from tenancy.signing_keys k where k.id = 1
$$;

create type tenancy.context as (tenant_id integer, actor_kind text, actor_id bigint, role text);

-- Set the transaction's context; reachable only from the enter functions below.
create function tenancy.set_context(tenant integer, kind text, actor bigint, role text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
    claim text := tenant || '|' || kind || '|' || actor || '|' || role;
begin
    perform set_config('drover.context', claim || '|' || tenancy.sign(claim), true);
end $$;

-- The verified context of this transaction; raises DR001 when it is absent, forged, copied or old.
create function tenancy.current_context() returns tenancy.context
language plpgsql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = auto
as $$
declare
    raw text := current_setting('drover.context', true);
    p text[] := string_to_array(raw, '|');
begin
    if p is null or cardinality(p) <> 5
       or tenancy.sign(p[1] || '|' || p[2] || '|' || p[3] || '|' || p[4]) is distinct from p[5] then
        raise exception 'no valid tenant context in this transaction' using errcode = 'DR001';
    end if;
    return row (p[1]::integer, p[2], p[3]::bigint, p[4])::tenancy.context;
end $$;

create function tenancy.current_tenant() returns integer
language plpgsql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = auto
as $$
declare
    raw text := current_setting('drover.context', true);
    p text[] := string_to_array(raw, '|');
begin
    if p is null or cardinality(p) <> 5
       or tenancy.sign(p[1] || '|' || p[2] || '|' || p[3] || '|' || p[4]) is distinct from p[5] then
        raise exception 'no valid tenant context in this transaction' using errcode = 'DR001';
    end if;
    return p[1]::integer;
end $$;

create function tenancy.role_rank(role text) returns integer
language sql immutable set search_path = pg_catalog, pg_temp
as $$ select case role when 'viewer' then 1 when 'operator' then 2 when 'admin' then 3 when 'super_admin' then 4 else 0 end $$;

-- The live session behind a secret, or DR401.
create function tenancy.live_session(secret text, out session_id bigint, out user_id bigint, out user_name text, out is_super_admin boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    select s.id, u.id, u.name, u.is_super_admin into session_id, user_id, user_name, is_super_admin
    from auth.sessions s join auth.users u on u.id = s.user_id
    where s.token_hash = sha256(convert_to(secret, 'UTF8'))
      and s.revoked_at is null and s.expires_at > now() and u.disabled_at is null;
    if user_id is null then
        raise exception 'the session is unknown, over or revoked' using errcode = 'DR401';
    end if;
end $$;

-- A person's role in a tenant now: by membership, or super_admin by a live entry; null when neither.
create function tenancy.role_of(tenant integer, person bigint) returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select 'super_admin' from auth.tenant_entries e join auth.users u on u.id = e.user_id and u.is_super_admin and u.disabled_at is null
          where e.tenant_id = tenant and e.user_id = person and e.ended_at is null and e.expires_at > now() limit 1),
        (select m.role from auth.memberships m join auth.users u on u.id = m.user_id and u.disabled_at is null
          where m.tenant_id = tenant and m.user_id = person))
$$;

-- Enter a tenant as the person behind a session: verifies membership, signs the context, returns who that is.
create function tenancy.enter(secret text, tenant integer, out user_id bigint, out user_name text, out role text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = auto
as $$
declare
    live record;
begin
    select * into live from tenancy.live_session(secret);
    select tenancy.role_of(tenant, live.user_id) into role
    from tenancy.tenants t where t.id = tenant and t.state = 'active';
    if role is null then
        raise exception 'no such tenant for this person' using errcode = 'DR404';
    end if;
    user_id := live.user_id;
    user_name := live.user_name;
    perform tenancy.set_context(tenant, 'user', user_id, role);
end $$;

-- Enter the platform (tenant 0: its own audit chain) as a super_admin.
create function tenancy.enter_platform(secret text, out user_id bigint, out user_name text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    live record;
begin
    select * into live from tenancy.live_session(secret);
    if not live.is_super_admin then
        raise exception 'only a super_admin may do this' using errcode = 'DR403';
    end if;
    user_id := live.user_id;
    user_name := live.user_name;
    perform tenancy.set_context(0, 'user', user_id, 'super_admin');
end $$;

-- Enter a tenant as a service that holds a lease on it; the tenant comes from the lease, never from the caller.
create function tenancy.enter_service(lease uuid) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = auto
as $$
declare
    tenant integer;
begin
    select l.tenant_id into tenant from tenancy.leases l join tenancy.tenants t on t.id = l.tenant_id
    where l.id = lease and l.service = session_user and t.state = 'active';
    if tenant is null then
        raise exception 'no such lease for this service' using errcode = 'DR404';
    end if;
    perform tenancy.set_context(tenant, 'service', 0, session_user);
    return tenant;
end $$;

-- The leases of the calling service.
create function tenancy.list_leases() returns table (lease_id uuid, tenant_id integer)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select l.id, l.tenant_id from tenancy.leases l join tenancy.tenants t on t.id = l.tenant_id
      where l.service = session_user and t.state = 'active' order by l.tenant_id $$;

-- The networks in which the current tenant's devices may be reached.
create function tenancy.management_networks() returns cidr[]
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select t.management_networks from tenancy.tenants t where t.id = (select tenancy.current_tenant()) $$;

-- Store the current tenant's counters (services only).
create function tenancy.set_counters(devices integer, online integer, offline integer, stale integer, unknown integer, disabled integer, last_event_at timestamptz)
returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.current_context();
begin
    if c.actor_kind <> 'service' then
        raise exception 'only a service counts' using errcode = 'DR403';
    end if;
    insert into tenancy.tenant_counters as t values (c.tenant_id, $1, $2, $3, $4, $5, $6, $7, now())
    on conflict (tenant_id) do update set devices = excluded.devices, online = excluded.online, offline = excluded.offline,
        stale = excluded.stale, unknown = excluded.unknown, disabled = excluded.disabled,
        last_event_at = coalesce(excluded.last_event_at, t.last_event_at), updated_at = now();
end $$;

-- ---------------------------------------------------------------- sessions as the API sees them
-- Who a session is and which tenants it may open; touches last_seen_at at most once a minute.
create function tenancy.describe_session(secret text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    live record;
begin
    select * into live from tenancy.live_session(secret);
    update auth.sessions s set last_seen_at = now() where s.id = live.session_id and s.last_seen_at < now() - interval '1 minute';
    return (
        select jsonb_build_object(
            'user', jsonb_build_object('id', u.id, 'email', u.email, 'name', u.name, 'is_super_admin', u.is_super_admin),
            'expires_at', (select s.expires_at from auth.sessions s where s.id = live.session_id),
            'tenants', coalesce((
                select jsonb_agg(jsonb_build_object('tenant_id', t.id, 'slug', t.slug, 'name', t.name, 'colour', t.colour,
                    'role', tenancy.role_of(t.id, u.id),
                    'entered_until', (select max(e.expires_at) from auth.tenant_entries e
                                      where u.is_super_admin and e.tenant_id = t.id and e.user_id = u.id and e.ended_at is null and e.expires_at > now()))
                    order by t.name)
                from tenancy.tenants t where t.state = 'active' and tenancy.role_of(t.id, u.id) is not null), '[]'::jsonb))
        from auth.users u where u.id = live.user_id);
end $$;

-- ---------------------------------------------------------------- people of a tenant
create function tenancy.require_rank(minimum text) returns tenancy.context
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.current_context();
begin
    if c.actor_kind <> 'user' or tenancy.role_rank(c.role) < tenancy.role_rank(minimum) then
        raise exception 'your role does not allow this' using errcode = 'DR403';
    end if;
    return c;
end $$;

-- Members, and people whose invitation is open. Of the latter only what the inviter typed is shown, whoever they are elsewhere.
create function tenancy.list_people()
returns table (user_id bigint, email text, name text, role text, invited boolean, last_sign_in_at timestamptz, added_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select u.id, u.email, u.name, m.role, false, u.last_sign_in_at, m.created_at
    from auth.memberships m join auth.users u on u.id = m.user_id
    where m.tenant_id = (select tenancy.current_tenant())
    union all
    select u.id, u.email, i.name, i.role, true, null, i.created_at
    from auth.invitations i join auth.users u on u.id = i.user_id
    where i.tenant_id = (select tenancy.current_tenant()) and i.used_at is null
    order by 3, 1
$$;

-- Invite somebody into a tenant; a person who is new to the installation gets an empty login. The link lives 48 hours.
create function tenancy.invite(tenant integer, by_person bigint, email text, name text, role text, link_hash bytea) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
    person bigint;
begin
    if invite.role is null or tenancy.role_rank(invite.role) not between 1 and 3 then
        raise exception 'no such role' using errcode = 'DR422', detail = 'role';
    end if;
    insert into auth.users (email, name) values (lower(invite.email), invite.name) on conflict do nothing returning id into person;
    if person is null then
        select u.id into person from auth.users u where u.email = lower(invite.email);
    end if;
    if person = by_person then
        raise exception 'nobody invites themselves' using errcode = 'DR403';
    end if;
    if exists (select from auth.memberships m where m.tenant_id = tenant and m.user_id = person) then
        raise exception 'this person is in this client already' using errcode = 'DR409';
    end if;
    update auth.invitations i set used_at = now() where i.tenant_id = tenant and i.user_id = person and i.used_at is null;
    insert into auth.invitations (tenant_id, token_hash, user_id, name, role, invited_by, expires_at)
    values (tenant, link_hash, person, invite.name, invite.role, by_person, now() + interval '48 hours');
    return person;
end $$;

create function tenancy.add_person(email text, name text, role text, link_hash bytea) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.require_rank('admin');
begin
    if role is null or tenancy.role_rank(role) > tenancy.role_rank(c.role) then
        raise exception 'nobody grants above their own role' using errcode = 'DR403';
    end if;
    return tenancy.invite(c.tenant_id, c.actor_id, email, name, role, link_hash);
end $$;

-- What an open invitation is for; for whoever holds its link.
create function tenancy.find_invitation(link_hash bytea)
returns table (user_id bigint, email text, name text, expires_at timestamptz, password_hash text, disabled boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select u.id, u.email, i.name, i.expires_at, u.password_hash, u.disabled_at is not null
    from auth.invitations i join auth.users u on u.id = i.user_id
    where i.token_hash = link_hash and i.used_at is null and i.expires_at > now()
$$;

-- Turn an invitation into the membership, once. `drover_auth` has proven (or set) the person's password in this transaction.
create function tenancy.accept_invitation(link_hash bytea) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    i auth.invitations;
begin
    update auth.invitations x set used_at = now()
    where x.token_hash = link_hash and x.used_at is null and x.expires_at > now() returning x.* into i;
    if i.user_id is null then
        raise exception 'this invitation was used or is over' using errcode = 'DR404';
    end if;
    insert into auth.memberships (tenant_id, user_id, role, created_by) values (i.tenant_id, i.user_id, i.role, i.invited_by)
    on conflict do nothing;
    perform audit.record_acceptance(i.tenant_id, i.user_id, i.role);
    return i.user_id;
end $$;

create function tenancy.keep_an_admin(tenant integer) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from auth.memberships m where m.tenant_id = tenant and m.role = 'admin') then
        raise exception 'a client keeps at least one admin' using errcode = 'DR409';
    end if;
end $$;

create function tenancy.change_person(person bigint, new_role text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.require_rank('admin');
    old_role text;
begin
    perform from auth.memberships m where m.tenant_id = c.tenant_id order by m.user_id for update;
    select m.role into old_role from auth.memberships m where m.tenant_id = c.tenant_id and m.user_id = person;
    if old_role is null then
        update auth.invitations i set role = new_role
        from (select x.id, x.role from auth.invitations x where x.tenant_id = c.tenant_id and x.user_id = person and x.used_at is null for update) o
        where i.tenant_id = c.tenant_id and i.id = o.id and tenancy.role_rank(new_role) <= tenancy.role_rank(c.role)
        returning o.role into old_role;
        if old_role is not null then
            return old_role;
        end if;
    end if;
    if old_role is null then
        raise exception 'no such person in this client' using errcode = 'DR404';
    end if;
    if new_role is null or greatest(tenancy.role_rank(new_role), tenancy.role_rank(old_role)) > tenancy.role_rank(c.role) then
        raise exception 'nobody grants above their own role' using errcode = 'DR403';
    end if;
    update auth.memberships m set role = new_role where m.tenant_id = c.tenant_id and m.user_id = person;
    perform tenancy.keep_an_admin(c.tenant_id);
    return old_role;
end $$;

create function tenancy.remove_person(person bigint) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.require_rank('admin');
    old_role text;
begin
    perform from auth.memberships m where m.tenant_id = c.tenant_id order by m.user_id for update;
    update auth.invitations i set used_at = now()
    where i.tenant_id = c.tenant_id and i.user_id = person and i.used_at is null returning i.role into old_role;
    if old_role is not null then
        return old_role;
    end if;
    delete from auth.memberships m where m.tenant_id = c.tenant_id and m.user_id = person returning m.role into old_role;
    if old_role is null then
        raise exception 'no such person in this client' using errcode = 'DR404';
    end if;
    perform tenancy.keep_an_admin(c.tenant_id);
    return old_role;
end $$;

-- ---------------------------------------------------------------- the platform's view
create function tenancy.require_platform() returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    c tenancy.context := tenancy.current_context();
begin
    if c.tenant_id <> 0 or c.role <> 'super_admin' then
        raise exception 'only a super_admin may do this' using errcode = 'DR403';
    end if;
    return c.actor_id;
end $$;

create function tenancy.list_tenants()
returns table (id integer, slug text, name text, colour text, state text, management_networks text[], created_at timestamptz,
               devices integer, online integer, offline integer, stale integer, unknown integer, disabled integer, last_event_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform tenancy.require_platform();
    return query select t.id, t.slug, t.name, t.colour, t.state, t.management_networks::text[], t.created_at,
        coalesce(n.devices, 0), coalesce(n.online, 0), coalesce(n.offline, 0), coalesce(n.stale, 0), coalesce(n.unknown, 0), coalesce(n.disabled, 0), n.last_event_at
    from tenancy.tenants t left join tenancy.tenant_counters n on n.tenant_id = t.id order by lower(t.name), t.id;
end $$;

-- Reserve a tenant's id and name; the worker makes its keys, then its partitions.
create function tenancy.reserve_tenant(slug text, name text, colour text, networks cidr[]) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    new_id integer;
begin
    perform tenancy.require_platform();
    insert into tenancy.tenants (slug, name, colour, management_networks) values ($1, $2, $3, $4) returning id into new_id;
    return new_id;
exception when unique_violation then
    raise exception 'a client with this short name exists already' using errcode = 'DR409';
end $$;

create function tenancy.change_tenant(tenant integer, new_name text, networks cidr[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform tenancy.require_platform();
    update tenancy.tenants t set name = coalesce(new_name, t.name), management_networks = coalesce(networks, t.management_networks) where t.id = tenant;
    if not found then
        raise exception 'no such client' using errcode = 'DR404';
    end if;
end $$;

-- A super_admin enters a tenant for a while; the tenant's own trail says so, whoever calls this.
create function tenancy.start_entry(tenant integer, why text, minutes integer, source inet default null, request_id text default null) returns timestamptz
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    actor bigint := tenancy.require_platform();
    until timestamptz := now() + make_interval(mins => least(greatest(minutes, 5), 480));
begin
    perform from tenancy.tenants t where t.id = tenant and t.state = 'active';
    if not found then
        raise exception 'no such client' using errcode = 'DR404';
    end if;
    update auth.tenant_entries e set ended_at = now() where e.tenant_id = tenant and e.user_id = actor and e.ended_at is null;
    insert into auth.tenant_entries (tenant_id, user_id, reason, expires_at) values (tenant, actor, why, until);
    perform audit.record_in_tenant(tenant, 'tenant.entered', jsonb_build_object('reason', why, 'until', until), source, request_id);
    return until;
end $$;

create function tenancy.end_entry(tenant integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    actor bigint := tenancy.require_platform();
    ended integer;
begin
    update auth.tenant_entries e set ended_at = now() where e.tenant_id = tenant and e.user_id = actor and e.ended_at is null and e.expires_at > now();
    get diagnostics ended = row_count;
    return ended;
end $$;

-- ---------------------------------------------------------------- the worker's part in making a tenant
create function tenancy.list_tenant_ids() returns table (tenant_id integer, state text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select t.id, t.state from tenancy.tenants t order by t.id $$;

-- Open a tenant whose partitions and chain were made in this transaction: its leases, then its state.
create function tenancy.activate_tenant(tenant integer) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    lease uuid;
begin
    update tenancy.tenants t set state = 'active' where t.id = tenant and t.state = 'creating';
    if not found then
        raise exception 'tenant % is not being created', tenant using errcode = 'DR409';
    end if;
    insert into tenancy.leases (tenant_id, service)
    select tenant, s from unnest(array['drover_poller', 'drover_ingest', 'drover_worker']) s;
    insert into tenancy.tenant_counters (tenant_id) values (tenant);
    select l.id into lease from tenancy.leases l where l.tenant_id = tenant and l.service = 'drover_worker';
    return lease;
end $$;

-- The highest id that was ever given to a tenant of this database.
create function tenancy.last_tenant_id() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select coalesce(pg_sequence_last_value(pg_get_serial_sequence('tenancy.tenants', 'id')::regclass), 0) $$;

-- Invite the first admin of a tenant that has nobody; the hash of the link was made by the API and is all we know of it.
create function tenancy.add_first_admin(tenant integer, by_person bigint, email text, name text, link_hash bytea) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from auth.memberships m where m.tenant_id = tenant) then
        raise exception 'this client has people already' using errcode = 'DR409';
    end if;
    return tenancy.invite(tenant, by_person, email, name, 'admin', link_hash);
end $$;

grant execute on function tenancy.current_context(), tenancy.current_tenant() to drover_tables, drover_audit, drover_api, drover_poller, drover_ingest, drover_worker;
grant execute on function tenancy.enter(text, integer), tenancy.enter_platform(text), tenancy.describe_session(text),
    tenancy.list_people(), tenancy.add_person(text, text, text, bytea), tenancy.change_person(bigint, text), tenancy.remove_person(bigint),
    tenancy.list_tenants(), tenancy.reserve_tenant(text, text, text, cidr[]), tenancy.change_tenant(integer, text, cidr[]),
    tenancy.start_entry(integer, text, integer, inet, text), tenancy.end_entry(integer) to drover_api;
grant execute on function tenancy.enter_service(uuid), tenancy.list_leases() to drover_poller, drover_ingest, drover_worker;
grant execute on function tenancy.management_networks() to drover_api, drover_poller, drover_worker;
grant execute on function tenancy.set_counters(integer, integer, integer, integer, integer, integer, timestamptz) to drover_ingest;
grant execute on function tenancy.list_tenant_ids(), tenancy.activate_tenant(integer), tenancy.add_first_admin(integer, bigint, text, text, bytea), tenancy.last_tenant_id() to drover_worker;
grant execute on function tenancy.find_invitation(bytea), tenancy.accept_invitation(bytea) to drover_auth;
grant execute on function tenancy.live_session(text) to drover_audit;
reset role;
