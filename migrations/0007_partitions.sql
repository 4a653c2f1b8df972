-- Making a tenant's partitions: created apart, referenced to each other, then attached (no lock that stops a writer).

set local role drover_tables;

-- Make sure that the weekly leaves of a tenant's samples exist from last week to four weeks ahead.

create function drover.extend_partitions(tenant integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    this_week date := date_trunc('week', now() at time zone 'UTC')::date;
    family text;
    week date;
    leaf text;
    made integer := 0;
begin
    foreach family in array array['device_samples', 'interface_samples', 'wireless_samples'] loop
        for i in -1..4 loop
            week := this_week + i * 7;
            leaf := format('%s_%s_%s', family, tenant, to_char(week, 'IYYY"w"IW'));
            if to_regclass('parts.' || leaf) is null then
                execute format('create table parts.%I (like drover.%I including defaults including constraints)', leaf, family);
                execute format('alter table parts.%I enable row level security', leaf);
                execute format('alter table parts.%I force row level security', leaf);
                execute format('alter table parts.%I attach partition parts.%I for values from (%L) to (%L)', family || '_' || tenant, leaf,
                    week::text || ' 00:00:00+00', (week + 7)::text || ' 00:00:00+00');
                made := made + 1;
            end if;
        end loop;
    end loop;
    return made;
end $$;

create function drover.create_partitions(tenant integer) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    family text;
begin
    foreach family in array array['devices', 'device_credentials', 'device_status', 'device_transitions', 'interfaces', 'events', 'config_blobs', 'config_versions'] loop
        execute format('create table parts.%I (like drover.%I including defaults including constraints including indexes)', family || '_' || tenant, family);
    end loop;
    foreach family in array array['device_samples', 'interface_samples', 'wireless_samples'] loop
        execute format('create table parts.%I (like drover.%I including defaults including constraints including indexes) partition by range (at)', family || '_' || tenant, family);
    end loop;
    execute format('alter table parts.device_status_%s set (fillfactor = 50)', tenant);

    foreach family in array array['device_credentials', 'device_status', 'device_transitions', 'interfaces', 'config_versions'] loop
        execute format('alter table parts.%I add foreign key (tenant_id, device_id) references parts.%I (tenant_id, id) on delete cascade', family || '_' || tenant, 'devices_' || tenant);
    end loop;
    execute format('alter table parts.%I add foreign key (tenant_id, blob_id) references parts.%I (tenant_id, id)', 'config_versions_' || tenant, 'config_blobs_' || tenant);

    foreach family in array array['devices', 'device_credentials', 'device_status', 'device_transitions', 'interfaces', 'events', 'config_blobs', 'config_versions', 'device_samples', 'interface_samples', 'wireless_samples'] loop
        execute format('alter table parts.%I enable row level security', family || '_' || tenant);
        execute format('alter table parts.%I force row level security', family || '_' || tenant);
        execute format('alter table drover.%I attach partition parts.%I for values in (%s)', family, family || '_' || tenant, tenant);
    end loop;
    perform drover.extend_partitions(tenant);
end $$;

grant execute on function drover.create_partitions(integer), drover.extend_partitions(integer) to drover_worker;
reset role;
